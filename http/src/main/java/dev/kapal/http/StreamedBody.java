package dev.kapal.http;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Gathers what is written and hands it to the wire in larger pieces. One thread.
final class StreamedBody implements Body {
    private static final int ENOUGH = 32 * 1024;

    private final Wire wire;
    private final Outflow outflow;
    private List<byte[]> gathered = new ArrayList<>();
    private int length;
    private boolean closed;

    StreamedBody(Wire wire, Outflow outflow) {
        this.wire = wire;
        this.outflow = outflow;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        if (closed) {
            throw new IOException("the body is closed");
        }
        if (bytes.length == 0) {
            return;
        }
        gathered.add(bytes);
        length += bytes.length;
        if (length >= ENOUGH) {
            flush();
        }
    }

    @Override
    public void flush() throws IOException {
        int count = length;
        outflow.take(count);
        if (count == 0) {
            return;
        }
        var parts = gathered;
        gathered = new ArrayList<>();
        length = 0;
        wire.data(parts, count, () -> outflow.giveBack(count));
    }

    @Override
    public void patience(Duration limit) {
        outflow.patience(limit);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (length > 0) {
            wire.data(gathered, length, () -> {});
        }
        wire.end();
    }
}
