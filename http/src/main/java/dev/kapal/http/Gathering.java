package dev.kapal.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// Bytes one after the other in an array that grows. One thread.
final class Gathering {
    private static final int FIRST = 1024;
    /// Nobody is believed to send more than this before he does.
    private static final int BELIEVED = 64 * 1024;

    private byte[] bytes;
    private int length;

    /// @param announced how many there will be, or -1
    Gathering(long announced) {
        this.bytes = new byte[Math.clamp(announced, 0, BELIEVED)];
    }

    void add(ByteBuf part) {
        int count = part.readableBytes();
        makeRoom(count);
        part.readBytes(bytes, length, count);
        length += count;
    }

    void add(byte[] part, int count) {
        makeRoom(count);
        System.arraycopy(part, 0, bytes, length, count);
        length += count;
    }

    private void makeRoom(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, Math.max(FIRST, bytes.length * 2)));
        }
    }

    int length() {
        return length;
    }

    byte[] bytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
