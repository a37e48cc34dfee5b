package dev.kapal.http;

/// Answers requests. Called on a virtual thread of the request's own, so it may block; it must have finished its
/// answer
/// when it returns. What it throws becomes a 500, or cuts the answer off when that has begun.
@FunctionalInterface
public interface Handler {
    void handle(Exchange exchange) throws Exception;
}
