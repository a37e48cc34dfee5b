package dev.kapal.http;

import java.io.IOException;
import java.io.InputStream;

/// One request and its one answer. Used by the thread that handles the request; exactly one of [#respond], [#stream]
/// and
/// [#upgrade] is called, once.
public interface Exchange {
    Request request();

    /// The request's body as it comes, however long it is; instead of [Request#body()].
    default InputStream input() {
        return request().content().stream();
    }

    /// Answers with a whole body.
    ///
    /// @throws IOException when the client has gone
    void respond(Response response) throws IOException;

    /// Begins an answer whose length is not known: chunks in HTTP/1.1, DATA frames in HTTP/2. The head is sent at
    /// once.
    ///
    /// @throws IOException when the client has gone
    Body stream(int status, Headers headers) throws IOException;

    /// Answers 101 and hands over the connection. The bytes that the client sent after its request come first.
    ///
    /// @param protocol for the `Upgrade` header of the answer
    /// @throws IOException when the client has gone or did not ask for an upgrade
    Duplex upgrade(String protocol, Headers headers) throws IOException;

    /// Runs `action` when the client goes away before the answer is finished; at once if it has gone already. The
    /// action
    /// runs on a thread that must not block.
    void onDisconnect(Runnable action);
}
