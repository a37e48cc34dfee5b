package dev.kapal.model.protobuf;

import dev.kapal.model.codec.DecodeException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the fields of one message off its bytes. Used by one thread. Source: Protocol Buffers encoding.
final class Wire {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private final byte[] bytes;
    private final int end;
    private int at;

    Wire(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private Wire(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    boolean hasMore() {
        return at < end;
    }

    int remaining() {
        return end - at;
    }

    /// Number and wire type of the next field, as one number.
    int tag() {
        return (int) varint();
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= end) {
                throw malformed();
            }
            byte next = bytes[at++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed();
    }

    /// The message, string or bytes that come next.
    Wire block() {
        long length = varint();
        if (length < 0 || length > end - at) {
            throw malformed();
        }
        var block = new Wire(bytes, at, at + (int) length);
        at += (int) length;
        return block;
    }

    String text() {
        return new String(bytes, at, end - at, StandardCharsets.UTF_8);
    }

    byte[] copy() {
        return Arrays.copyOfRange(bytes, at, end);
    }

    void skip(int wireType) {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> move(8);
            case BYTES -> block();
            case FIXED32 -> move(4);
            default -> throw malformed();
        }
    }

    private void move(int count) {
        if (count > end - at) {
            throw malformed();
        }
        at += count;
    }

    private static DecodeException malformed() {
        return new DecodeException("proto: unexpected end of message");
    }
}
