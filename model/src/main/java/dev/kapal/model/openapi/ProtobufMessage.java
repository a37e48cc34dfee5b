package dev.kapal.model.openapi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A protobuf message in the making: fields in the order in which they are put. One thread.
///
/// Source: Protocol Buffers encoding, wire types 0, 1 and 2.
final class ProtobufMessage {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// An empty text is the default and is left out.
    ProtobufMessage text(int field, String text) {
        if (!text.isEmpty()) {
            bytes(field, text.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    ProtobufMessage flag(int field, boolean value) {
        if (value) {
            varint((long) field << 3 | VARINT);
            varint(1);
        }
        return this;
    }

    ProtobufMessage integer(int field, long value) {
        if (value != 0) {
            varint((long) field << 3 | VARINT);
            varint(value);
        }
        return this;
    }

    ProtobufMessage number(int field, double value) {
        if (value != 0) {
            varint((long) field << 3 | FIXED64);
            long bits = Double.doubleToRawLongBits(value);
            for (int i = 0; i < Long.BYTES; i++) {
                bytes.write((int) (bits >>> 8 * i));
            }
        }
        return this;
    }

    ProtobufMessage message(int field, ProtobufMessage message) {
        return bytes(field, message.toByteArray());
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    private ProtobufMessage bytes(int field, byte[] content) {
        varint((long) field << 3 | LENGTH_DELIMITED);
        varint(content.length);
        bytes.writeBytes(content);
        return this;
    }

    private void varint(long value) {
        while ((value & ~0x7fL) != 0) {
            bytes.write((int) (value & 0x7f | 0x80));
            value >>>= 7;
        }
        bytes.write((int) value);
    }
}
