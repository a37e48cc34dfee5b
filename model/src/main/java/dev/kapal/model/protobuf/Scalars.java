package dev.kapal.model.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Times;
import java.time.Instant;
import java.util.Base64;

/// Values that are no objects in JSON, among them those that are messages in protobuf.
final class Scalars {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// Go writes no year of five digits into JSON.
    private static final long FIRST_SECOND =
            Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();

    private static final long LAST_SECOND =
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    /// Beyond this Go writes numbers with an exponent.
    private static final double WHOLE = 1e18;

    private Scalars() {}

    /// The value of the field that the wire is at; null for an absent one.
    static JsonNode read(Schema schema, String name, Wire wire) {
        MessageReader.expect(wireType(schema), wire, name);
        if (wire.wireType() == Wire.VARINT) {
            return varint(schema, wire);
        }
        if (wire.wireType() == Wire.FIXED64) {
            return floating(Double.longBitsToDouble(wire.fixed64()));
        }
        var block = wire.block();
        return switch (schema.type()) {
            case STRING -> text(schema, block);
            case QUANTITY -> quantity(block);
            case INT_OR_STRING -> intOrString(block);
            case ANY -> embedded(block);
            case OBJECT, ARRAY, INTEGER, NUMBER, BOOLEAN ->
                throw new IllegalStateException("no message has a field of type " + schema + ": " + name);
        };
    }

    private static int wireType(Schema schema) {
        return switch (schema.type()) {
            case INTEGER, BOOLEAN -> Wire.VARINT;
            case NUMBER -> Wire.FIXED64;
            case STRING, QUANTITY, INT_OR_STRING, ANY, OBJECT, ARRAY -> Wire.BYTES;
        };
    }

    /// JSON has no point in whole numbers.
    private static JsonNode floating(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < WHOLE;
        return whole ? number((long) value) : NODES.numberNode(value);
    }

    static JsonNode varint(Schema schema, Wire wire) {
        long value = wire.varint();
        if (schema.type() == Schema.Type.BOOLEAN) {
            return NODES.booleanNode(value != 0);
        }
        return number(schema.format().equals("int32") ? (int) value : value);
    }

    private static JsonNode number(long value) {
        return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
    }

    private static JsonNode text(Schema schema, Wire wire) {
        return switch (schema.format()) {
            case "byte" -> NODES.textNode(Base64.getEncoder().encodeToString(wire.copy()));
            case "date-time" -> time(wire, schema.name().endsWith(".MicroTime"));
            default -> NODES.textNode(wire.text());
        };
    }

    /// No bytes at all are Go's zero time, which JSON has as null.
    private static JsonNode time(Wire wire, boolean micro) {
        if (!wire.hasMore()) {
            return NODES.nullNode();
        }
        long seconds = 0;
        long nanos = 0;
        while (wire.hasMore()) {
            switch (wire.next()) {
                case 1 -> seconds = numberField(wire, "Seconds");
                case 2 -> nanos = (int) numberField(wire, "Nanos");
                default -> wire.skip();
            }
        }
        if (seconds < FIRST_SECOND || seconds > LAST_SECOND) {
            throw new DecodeException("Time.MarshalJSON: year outside of range [0,9999]");
        }
        var text = micro
                ? Times.micros(Instant.ofEpochSecond(seconds, nanos))
                : Times.seconds(Instant.ofEpochSecond(seconds));
        return NODES.textNode(text);
    }

    private static JsonNode quantity(Wire wire) {
        var text = "";
        while (wire.hasMore()) {
            if (wire.next() == 1) {
                text = textField(wire, "String_");
            } else {
                wire.skip();
            }
        }
        return NODES.textNode(text);
    }

    private static JsonNode intOrString(Wire wire) {
        boolean isText = false;
        int number = 0;
        var text = "";
        while (wire.hasMore()) {
            switch (wire.next()) {
                case 1 -> isText = numberField(wire, "Type") == 1;
                case 2 -> number = (int) numberField(wire, "IntVal");
                case 3 -> text = textField(wire, "StrVal");
                default -> wire.skip();
            }
        }
        return isText ? NODES.textNode(text) : NODES.numberNode(number);
    }

    /// Bytes of JSON.
    private static JsonNode embedded(Wire wire) {
        byte[] raw = {};
        while (wire.hasMore()) {
            if (wire.next() == 1) {
                MessageReader.expect(Wire.BYTES, wire, "Raw");
                raw = wire.block().copy();
            } else {
                wire.skip();
            }
        }
        return raw.length == 0 ? NODES.nullNode() : DocumentDecoder.value(raw);
    }

    private static long numberField(Wire wire, String name) {
        MessageReader.expect(Wire.VARINT, wire, name);
        return wire.varint();
    }

    private static String textField(Wire wire, String name) {
        MessageReader.expect(Wire.BYTES, wire, name);
        return wire.block().text();
    }
}
