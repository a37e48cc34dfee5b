package dev.kapal.http;

import java.io.IOException;
import java.util.List;

/// How an answer goes over one kind of connection. Called by the thread that handles the request, in the order that
/// [ServerExchange] keeps; never blocks, what it is told is done by the event loop.
interface Wire {
    /// Sends a whole answer.
    void whole(Response response);

    /// Sends the head of an answer of unknown length.
    void head(int status, Headers headers);

    /// Sends a piece of the body.
    ///
    /// @param sent run when the bytes have left, or never will
    void data(List<byte[]> parts, int length, Runnable sent);

    /// Ends the body.
    void end();

    /// Breaks off, so that the client sees that the answer is not whole.
    void abort();

    /// @throws IOException when this connection cannot be upgraded
    Duplex upgrade(String protocol, Headers headers) throws IOException;
}
