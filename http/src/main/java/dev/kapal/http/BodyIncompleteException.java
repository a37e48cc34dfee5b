package dev.kapal.http;

/// The client did not send the rest of the request's body in time. Thrown when the handler asks for the body, so that
/// it
/// is known, and can be told in a log, who that was.
public final class BodyIncompleteException extends RuntimeException {
    public BodyIncompleteException() {
        super("the rest of the request body did not come in time");
    }
}
