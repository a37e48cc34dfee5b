package dev.kapal.model.codec;

/// A body that is not a document. The message is upstream's, without the sentence around it that names the kind.
public final class DecodeException extends RuntimeException {
    public DecodeException(String message) {
        super(message);
    }
}
