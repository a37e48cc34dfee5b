package dev.kapal.model.protobuf;

import dev.kapal.model.codec.DecodeException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the fields of one message off its bytes, never beyond its end. Malformed bytes are a [DecodeException] in the
/// words of upstream's decoder. One thread.
///
/// Source: Protocol Buffers encoding.
final class Wire {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    /// The last of the ten bytes that a number of 64 bits may have carries one bit.
    private static final int LAST_SHIFT = 63;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int tag;

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

    /// Goes to the next field, whose number is returned.
    int next() {
        long read = varint();
        tag = (int) read;
        if (read != tag || tag >>> 3 == 0) {
            throw new DecodeException("proto: illegal tag " + (read >>> 3) + " (wire type " + (read & 7) + ")");
        }
        return tag >>> 3;
    }

    int wireType() {
        return tag & 7;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift <= LAST_SHIFT; shift += 7) {
            if (at >= end) {
                throw truncated();
            }
            byte next = bytes[at++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new DecodeException("proto: integer overflow");
    }

    /// The lowest byte first.
    long fixed64() {
        int start = at;
        move(Long.BYTES);
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value |= (bytes[start + i] & 0xffL) << (i * Byte.SIZE);
        }
        return value;
    }

    /// The message, text or bytes that come next.
    Wire block() {
        long length = varint();
        if (length < 0) {
            throw new DecodeException("proto: negative length found during unmarshaling");
        }
        if (length > end - at) {
            throw truncated();
        }
        at += (int) length;
        return new Wire(bytes, at - (int) length, at);
    }

    /// What is left, as text.
    String text() {
        return new String(bytes, at, end - at, StandardCharsets.UTF_8);
    }

    /// What is left.
    byte[] copy() {
        return Arrays.copyOfRange(bytes, at, end);
    }

    /// Leaves out the value of the field.
    void skip() {
        switch (wireType()) {
            case VARINT -> varint();
            case FIXED64 -> move(Long.BYTES);
            case BYTES -> block();
            case FIXED32 -> move(Integer.BYTES);
            // groups, which no message of Kubernetes has, and what is not defined
            default -> throw new DecodeException("proto: illegal wireType " + wireType());
        }
    }

    private void move(int count) {
        if (count > end - at) {
            throw truncated();
        }
        at += count;
    }

    private static DecodeException truncated() {
        return new DecodeException("unexpected EOF");
    }
}
