package dev.kapal.http;

import java.io.IOException;
import java.time.Duration;

/// The body of a streamed answer. One thread at a time.
///
/// Bytes are gathered until [#flush()] or until there are many. Writing blocks while the client is slow.
public interface Body extends AutoCloseable {
    /// The array is not copied before it is sent: do not change it afterwards.
    ///
    /// @throws IOException when the client has gone
    void write(byte[] bytes) throws IOException;

    /// Sends what was gathered.
    ///
    /// @throws IOException when the client has gone
    void flush() throws IOException;

    /// How long writing may wait for a client that takes nothing at all; for ever unless this is called. Callers in
    /// this
    /// process are always waited for.
    default void patience(Duration limit) {}

    /// Flushes and ends the answer properly. Closing twice, or after the client has gone, is harmless.
    @Override
    void close();
}
