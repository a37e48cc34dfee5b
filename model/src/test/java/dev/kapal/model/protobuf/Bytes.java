package dev.kapal.model.protobuf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes messages field by field, for tests.
final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// A whole body.
    static byte[] body(String apiVersion, String kind, Bytes message) {
        var body = new ByteArrayOutputStream();
        body.writeBytes("k8s\0".getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(new Bytes()
                .message(1, new Bytes().text(1, apiVersion).text(2, kind))
                .message(2, message)
                .text(3, "")
                .text(4, "")
                .bytes());
        return body.toByteArray();
    }

    Bytes text(int field, String text) {
        return block(field, text.getBytes(StandardCharsets.UTF_8));
    }

    Bytes message(int field, Bytes message) {
        return block(field, message.bytes());
    }

    Bytes entry(int field, String key, String value) {
        return message(field, new Bytes().text(1, key).text(2, value));
    }

    Bytes number(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    Bytes block(int field, byte[] content) {
        varint((long) field << 3 | Wire.BYTES);
        varint(content.length);
        out.writeBytes(content);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private void varint(long value) {
        while ((value & ~0x7fL) != 0) {
            out.write((int) (value & 0x7f | 0x80));
            value >>>= 7;
        }
        out.write((int) value);
    }
}
