package dev.kapal.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// Collects a request's body, up to a limit. Event loop only.
final class Gathering {
    private static final int FIRST = 1024;

    private final int limit;
    private byte[] bytes;
    private int length;
    private boolean oversized;

    /// @param announced the length that the head promises, or -1
    Gathering(long announced, int limit) {
        this.limit = limit;
        this.oversized = announced > limit;
        this.bytes = new byte[announced > 0 && !oversized ? (int) Math.min(announced, 64 * FIRST) : 0];
    }

    void add(ByteBuf part) {
        int count = part.readableBytes();
        if (oversized || count > limit - length) {
            oversized = true;
            bytes = Request.OVERSIZED;
            return;
        }
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, Math.min(limit, Math.max(FIRST, bytes.length * 2))));
        }
        part.readBytes(bytes, length, count);
        length += count;
    }

    boolean isOversized() {
        return oversized;
    }

    byte[] body() {
        if (oversized) {
            return Request.OVERSIZED;
        }
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
