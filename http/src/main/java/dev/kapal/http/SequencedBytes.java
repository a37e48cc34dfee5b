package dev.kapal.http;

import java.io.InputStream;
import java.util.List;

/// Reads arrays one after the other, without copying them together. One thread.
final class SequencedBytes extends InputStream {
    private final List<byte[]> parts;
    private int part;
    private int position;

    SequencedBytes(List<byte[]> parts) {
        this.parts = parts;
    }

    @Override
    public int read() {
        return advance() ? parts.get(part)[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        byte[] current = parts.get(part);
        int count = Math.min(length, current.length - position);
        System.arraycopy(current, position, into, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return advance() ? parts.get(part).length - position : 0;
    }

    private boolean advance() {
        while (part < parts.size() && position >= parts.get(part).length) {
            part++;
            position = 0;
        }
        return part < parts.size();
    }
}
