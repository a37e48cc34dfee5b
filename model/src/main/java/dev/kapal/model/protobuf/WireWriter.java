package dev.kapal.model.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes the fields of one message. One thread.
///
/// Source: Protocol Buffers encoding.
final class WireWriter {
    private byte[] bytes = new byte[256];
    private int used;

    byte[] toBytes() {
        return Arrays.copyOf(bytes, used);
    }

    boolean isEmpty() {
        return used == 0;
    }

    void varintField(int number, long value) {
        tag(number, Wire.VARINT);
        varint(value);
    }

    void fixed64Field(int number, long value) {
        tag(number, Wire.FIXED64);
        room(Long.BYTES);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bytes[used++] = (byte) (value >>> shift);
        }
    }

    void textField(int number, String text) {
        bytesField(number, text.getBytes(StandardCharsets.UTF_8));
    }

    void bytesField(int number, byte[] value) {
        tag(number, Wire.BYTES);
        varint(value.length);
        raw(value);
    }

    void messageField(int number, WireWriter message) {
        tag(number, Wire.BYTES);
        varint(message.used);
        room(message.used);
        System.arraycopy(message.bytes, 0, bytes, used, message.used);
        used += message.used;
    }

    void raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, used, value.length);
        used += value.length;
    }

    void tag(int number, int wireType) {
        varint((long) number << 3 | wireType);
    }

    void varint(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[used++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes[used++] = (byte) rest;
    }

    private void room(int wanted) {
        if (used + wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(used + wanted, bytes.length * 2));
        }
    }
}
