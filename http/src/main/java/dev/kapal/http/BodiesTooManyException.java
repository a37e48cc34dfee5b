package dev.kapal.http;

/// Clients send so much at the same time that the server has no room for this body. Thrown when the handler asks for
/// it.
public final class BodiesTooManyException extends RuntimeException {
    public BodiesTooManyException() {
        super("too many request bodies at once", null, false, false);
    }
}
