package dev.kapal.apiserver.cache;

import java.util.List;

/// How objects look in one version of their resource. Any thread.
public interface Rendering {
    /// Whether `json` is in this version as it is.
    boolean fits(byte[] json);

    /// Each of `documents` in this version, in the same order. May block, and may refuse with an exception.
    List<byte[]> render(List<byte[]> documents);
}
