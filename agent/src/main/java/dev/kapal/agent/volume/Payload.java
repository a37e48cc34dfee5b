package dev.kapal.agent.volume;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/// The files of a rendered volume, by their path in it. Immutable.
record Payload(Map<String, File> files) {
    /// `owner` is the user that the file belongs to, root if empty. The bytes are not changed by anyone.
    record File(byte[] content, int mode, OptionalInt owner) {
        boolean sameContent(byte[] other) {
            return Arrays.equals(content, other);
        }
    }

    Payload {
        files = new TreeMap<>(files);
    }
}
