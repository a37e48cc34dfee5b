package dev.kapal.model.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.Times;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/// Turns documents into messages. What a document does not have is not written: readers take it for zero. Fields that
/// no
/// message knows are left out, as Go's types would. One thread.
final class MessageWriter {
    private MessageWriter() {}

    static WireWriter write(Schema schema, String definition, JsonNode object) {
        var out = new WireWriter();
        var layout = MessageLayout.of(definition);
        var inline = new TreeMap<Integer, ObjectNode>();
        for (var entry : object.properties()) {
            var name = entry.getKey();
            var field = schema.properties().get(name);
            if (field == null || entry.getValue().isNull()) {
                continue;
            }
            var number = layout.number(name);
            if (number.isPresent()) {
                field(field, number.get(), entry.getValue(), out);
            } else if (layout.inline().containsKey(name)) {
                inline.computeIfAbsent(layout.inline().get(name).number(), n -> Documents.object())
                        .set(name, entry.getValue());
            }
        }
        inline.forEach((number, part) -> {
            var first = part.fieldNames().next();
            out.messageField(number, write(schema, layout.inline().get(first).definition(), part));
        });
        return out;
    }

    private static void field(Schema schema, int number, JsonNode value, WireWriter out) {
        switch (schema.type()) {
            case ARRAY -> value.forEach(item -> element(schema.items().orElseThrow(), number, item, out));
            case OBJECT -> {
                if (schema.additionalProperties().isPresent()) {
                    entries(schema.additionalProperties().get(), number, value, out);
                } else {
                    out.messageField(number, write(schema, schema.name(), value));
                }
            }
            case STRING, INTEGER, NUMBER, BOOLEAN, INT_OR_STRING, QUANTITY, ANY -> scalar(schema, number, value, out);
        }
    }

    private static void element(Schema schema, int number, JsonNode value, WireWriter out) {
        if (schema.type() == Schema.Type.ARRAY) {
            var list = new WireWriter();
            value.forEach(item -> element(schema.items().orElseThrow(), 1, item, list));
            out.messageField(number, list);
        } else {
            field(schema, number, value, out);
        }
    }

    private static void entries(Schema values, int number, JsonNode map, WireWriter out) {
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            var pair = new WireWriter();
            pair.textField(1, entry.getKey());
            element(values, 2, entry.getValue(), pair);
            out.messageField(number, pair);
        }
    }

    private static void scalar(Schema schema, int number, JsonNode value, WireWriter out) {
        switch (schema.type()) {
            case INTEGER -> out.varintField(number, value.asLong());
            case BOOLEAN -> out.varintField(number, value.asBoolean() ? 1 : 0);
            case QUANTITY -> {
                var quantity = new WireWriter();
                quantity.textField(1, value.asText());
                out.messageField(number, quantity);
            }
            case INT_OR_STRING -> out.messageField(number, intOrString(value));
            case NUMBER -> out.fixed64Field(number, Double.doubleToLongBits(value.asDouble()));
            case ANY ->
                out.messageField(
                        number,
                        SchemaUnion.of(schema).map(union -> union.write(value)).orElseGet(() -> raw(value)));
            default -> text(schema, number, value.asText(), out);
        }
    }

    private static WireWriter raw(JsonNode value) {
        var raw = new WireWriter();
        raw.bytesField(1, Documents.json(value));
        return raw;
    }

    private static void text(Schema schema, int number, String text, WireWriter out) {
        switch (schema.format()) {
            case "byte" -> out.bytesField(number, Base64.getMimeDecoder().decode(text));
            case "date-time" -> out.messageField(number, time(Times.parse(text)));
            default -> out.textField(number, text);
        }
    }

    private static WireWriter time(Instant instant) {
        var time = new WireWriter();
        time.varintField(1, instant.getEpochSecond());
        time.varintField(2, instant.getNano());
        return time;
    }

    private static WireWriter intOrString(JsonNode value) {
        var either = new WireWriter();
        either.varintField(1, value.isTextual() ? 1 : 0);
        either.varintField(2, value.isTextual() ? 0 : value.asInt());
        either.textField(3, value.isTextual() ? value.asText() : "");
        return either;
    }
}
