package dev.kapal.http;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/// A raw connection in both directions after an upgrade. One thread may read while another writes.
///
/// Reading blocks until bytes come and answers -1 once the peer has closed; writing blocks while the peer is slow and
/// is sent without a flush; both throw `IOException` after [#close()].
public interface Duplex extends AutoCloseable {
    InputStream input();

    OutputStream output();

    /// How long writing may wait for a peer that takes nothing at all; for ever unless this is called.
    default void patience(Duration limit) {}

    /// Closes both directions, also under the feet of a thread that reads or writes. Closing twice is harmless.
    @Override
    void close();
}
