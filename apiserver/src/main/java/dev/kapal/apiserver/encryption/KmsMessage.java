package dev.kapal.apiserver.encryption;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A message of the KMS protocol as a list of fields: its few messages hold texts, bytes and one number, and are read
/// by
/// their numbers. Immutable. Source: k8s.io/kms/apis/v2/api.proto.
record KmsMessage(List<Field> fields) {
    /// @param bytes of a text, of bytes or of an inner message; empty for a number
    record Field(int number, ByteString bytes, long value) {
        static Field bytes(int number, byte[] bytes) {
            return new Field(number, ByteString.copyFrom(bytes), 0);
        }

        static Field text(int number, String text) {
            return new Field(number, ByteString.copyFromUtf8(text), 0);
        }

        static Field number(int number, long value) {
            return new Field(number, ByteString.EMPTY, value);
        }
    }

    KmsMessage {
        fields = List.copyOf(fields);
    }

    static KmsMessage of(Field... fields) {
        return new KmsMessage(List.of(fields));
    }

    /// The same with the fields `from` of another message under the number `to`: maps are passed on unread.
    KmsMessage with(KmsMessage other, int from, int to) {
        var all = new ArrayList<>(fields);
        other.fields.stream()
                .filter(field -> field.number() == from)
                .forEach(field -> all.add(new Field(to, field.bytes(), 0)));
        return new KmsMessage(all);
    }

    KmsMessage withNumber(int number, long value) {
        var all = new ArrayList<>(fields);
        all.add(Field.number(number, value));
        return new KmsMessage(all);
    }

    byte[] bytes(int number) {
        return field(number).bytes().toByteArray();
    }

    String text(int number) {
        return field(number).bytes().toString(StandardCharsets.UTF_8);
    }

    long number(int number) {
        return field(number).value();
    }

    private Field field(int number) {
        return fields.stream()
                .filter(field -> field.number() == number)
                .reduce((first, last) -> last)
                .orElse(new Field(number, ByteString.EMPTY, 0));
    }

    byte[] encoded() {
        try {
            var out = ByteString.newOutput();
            var coded = CodedOutputStream.newInstance(out);
            for (var field : fields) {
                if (!field.bytes().isEmpty()) {
                    coded.writeBytes(field.number(), field.bytes());
                } else if (field.value() != 0) {
                    coded.writeInt64(field.number(), field.value());
                }
            }
            coded.flush();
            return out.toByteString().toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// @throws IOException when it is no message
    static KmsMessage decode(byte[] bytes) throws IOException {
        var fields = new ArrayList<Field>();
        var in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int number = WireFormat.getTagFieldNumber(tag);
            switch (WireFormat.getTagWireType(tag)) {
                case WireFormat.WIRETYPE_LENGTH_DELIMITED -> fields.add(new Field(number, in.readBytes(), 0));
                case WireFormat.WIRETYPE_VARINT -> fields.add(Field.number(number, in.readRawVarint64()));
                default -> in.skipField(tag);
            }
        }
        return new KmsMessage(fields);
    }
}
