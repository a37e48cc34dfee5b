package dev.kapal.model.codec;

/// Reads what clients send. Any thread.
public final class DocumentDecoder {

    /// Throws [DecodeException] for what is not one JSON or YAML object, or goes beyond the limits on depth and
    /// aliases.
    public Decoded decode(byte[] body, MediaType type) {
        throw new UnsupportedOperationException();
    }

    /// The sentence that upstream puts around a decode error when the body's own kind is unknown.
    public static String unrecognized(String expectedKind, String error, byte[] body) {
        throw new UnsupportedOperationException();
    }
}
