package dev.kapal.http;

/// The request's body is larger than the server reads. Thrown when the handler asks for the body, so that a caller
/// who
/// may not write at all hears that first.
public final class BodyTooLargeException extends RuntimeException {
    public BodyTooLargeException() {
        super("request body too large");
    }
}
