package dev.kapal.http.spdy;

import dev.kapal.http.Headers;
import dev.kapal.http.Pipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// One stream of a connection, open in both directions until each side has ended its own. One thread may read while
/// another writes; closing is for any thread.
public final class SpdyStream implements AutoCloseable {
    /// What a slow reader may have waiting before it holds up the whole connection.
    private static final int CAPACITY = 256 * 1024;

    private static final int PIECE = 32 * 1024;

    private final SpdyConnection connection;
    private final int id;
    private final Headers headers;
    private final Pipe received = new Pipe(CAPACITY);
    private final InputStream input = received.input();
    private final Output output = new Output();
    private volatile boolean ended;
    private volatile boolean peerEnded;

    SpdyStream(SpdyConnection connection, int id, Headers headers) {
        this.connection = connection;
        this.id = id;
        this.headers = headers;
    }

    int id() {
        return id;
    }

    /// What the side that opened the stream said about it: `streamtype`, `port`, `requestid`.
    public Headers headers() {
        return headers;
    }

    /// Blocks until bytes come; -1 once the peer has ended its direction; `IOException` when it broke off.
    public InputStream input() {
        return input;
    }

    /// Closing it ends our direction and leaves the other one open.
    public OutputStream output() {
        return output;
    }

    /// The reader's thread of the connection: blocks while the stream's reader is slow.
    void received(byte[] bytes) {
        try {
            received.write(bytes);
        } catch (IOException nobodyReads) {
            return; // what comes too late is dropped
        }
    }

    void peerEnded() {
        received.close();
        peerEnded = true;
        if (ended) {
            connection.forget(this);
        }
    }

    void broken(IOException cause) {
        received.fail(cause);
    }

    /// Ends our direction and wants nothing more from the other.
    @Override
    public void close() {
        output.close();
        try {
            input.close();
        } catch (IOException neverThrown) {
            throw new IllegalStateException(neverThrown);
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (ended) {
                throw new IOException("the stream is closed");
            }
            for (int sent = 0; sent < length; sent += PIECE) {
                connection.sendData(id, bytes, offset + sent, Math.min(PIECE, length - sent), false);
            }
        }

        @Override
        public void close() {
            if (ended) {
                return;
            }
            ended = true;
            if (peerEnded) {
                connection.forget(SpdyStream.this);
            }
            try {
                connection.sendData(id, new byte[0], 0, 0, true);
            } catch (IOException alreadyBroken) {
                return;
            }
        }
    }
}
