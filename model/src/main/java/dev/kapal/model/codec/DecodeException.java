package dev.kapal.model.codec;

import dev.kapal.model.GroupVersionKind;
import java.util.Optional;

/// A body that is not a document. The message is upstream's, without the sentence around it that names the kind.
public final class DecodeException extends RuntimeException {
    private final transient Optional<GroupVersionKind> kind;

    public DecodeException(String message) {
        super(message);
        this.kind = Optional.empty();
    }

    /// @param kind what the body said that it was
    public DecodeException(String message, GroupVersionKind kind) {
        super(message);
        this.kind = Optional.of(kind);
    }

    /// What the body said that it was, if it came so far.
    public Optional<GroupVersionKind> kind() {
        return kind;
    }
}
