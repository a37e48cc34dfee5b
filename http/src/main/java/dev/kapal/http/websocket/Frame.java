package dev.kapal.http.websocket;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

/// A frame (RFC 6455, 5.2). Immutable.
///
/// @param length what the head says; the payload is empty when that is beyond the limit
record Frame(boolean last, boolean reserved, int code, boolean masked, long length, byte[] payload) {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int MAX_CONTROL = 125;

    static Frame read(DataInputStream from, int limit) throws IOException {
        int first = from.readUnsignedByte();
        int second = from.readUnsignedByte();
        boolean masked = (second & 0x80) != 0;
        long length = switch (second & 0x7f) {
            case 126 -> from.readUnsignedShort();
            case 127 -> from.readLong();
            default -> second & 0x7f;
        };
        boolean fits = length >= 0 && length <= limit;
        var mask = new byte[4];
        if (masked) {
            from.readFully(mask);
        }
        var payload = new byte[fits ? (int) length : 0];
        from.readFully(payload);
        if (masked) {
            apply(mask, payload, 0);
        }
        return new Frame(
                (first & 0x80) != 0,
                (first & 0x70) != 0,
                first & 0x0f,
                masked,
                fits ? length : Long.MAX_VALUE,
                payload);
    }

    boolean isMalformedControl() {
        return code >= CLOSE && (!last || length > MAX_CONTROL);
    }

    /// @param mask clients mask what they send, servers do not
    static byte[] encode(int code, byte[] bytes, int offset, int length, boolean mask) {
        int extra = lengthBytes(length);
        int head = 2 + extra + (mask ? 4 : 0);
        var frame = new byte[head + length];
        frame[0] = (byte) (0x80 | code);
        int announced = switch (extra) {
            case 0 -> length;
            case 2 -> 126;
            default -> 127;
        };
        frame[1] = (byte) ((mask ? 0x80 : 0) | announced);
        for (int i = 0; i < extra; i++) {
            frame[2 + i] = (byte) ((long) length >>> 8 * (extra - 1 - i));
        }
        System.arraycopy(bytes, offset, frame, head, length);
        if (mask) {
            var key = new byte[4];
            ThreadLocalRandom.current().nextBytes(key);
            System.arraycopy(key, 0, frame, head - 4, 4);
            apply(key, frame, head);
        }
        return frame;
    }

    private static int lengthBytes(int length) {
        if (length < 126) {
            return 0;
        }
        return length < 65536 ? 2 : 8;
    }

    private static void apply(byte[] mask, byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            bytes[i] ^= mask[(i - from) & 3];
        }
    }
}
