package dev.kapal.model.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Quantity;
import dev.kapal.model.Schema;
import java.util.ArrayList;

/// Gives a document the one form that a typed object would be written in. The types are expected to be right; a value
/// of
/// a wrong one is left as it is.
final class NormalForm {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private NormalForm() {}

    static void apply(Schema schema, ObjectNode document) {
        if (schema.additionalProperties().isPresent()) {
            var values = schema.additionalProperties().get();
            for (var name : names(document)) {
                document.set(name, element(values, document.get(name)));
            }
        } else {
            fields(schema, document);
        }
    }

    private static void fields(Schema schema, ObjectNode document) {
        for (var name : names(document)) {
            var field = schema.property(name);
            if (field.isEmpty()) {
                if (!schema.preservesUnknownFields()) {
                    document.remove(name);
                }
                continue;
            }
            var value = normal(field.get(), document.get(name));
            if (value.isNull()
                    || isDropped(field.get(), value) && !schema.required().contains(name)) {
                document.remove(name);
            } else {
                document.set(name, value);
            }
        }
    }

    /// Empty lists, maps and texts of optional fields are not written, nor zeros that mean nothing; a structure is,
    /// however empty.
    private static boolean isDropped(Schema field, JsonNode value) {
        return switch (field.type()) {
            case ARRAY -> value.isEmpty();
            case OBJECT -> field.additionalProperties().isPresent() && value.isEmpty();
            case STRING -> value.isTextual() && value.textValue().isEmpty() && !field.keepsEmpty();
            case INTEGER -> field.zeroIsAbsent() && value.isNumber() && value.doubleValue() == 0;
            case BOOLEAN -> field.zeroIsAbsent() && value.isBoolean() && !value.booleanValue();
            default -> false;
        };
    }

    private static JsonNode normal(Schema schema, JsonNode value) {
        switch (value) {
            case ObjectNode object when schema.type() == Schema.Type.OBJECT -> apply(schema, object);
            case ArrayNode array
            when schema.type() == Schema.Type.ARRAY -> {
                var items = schema.items().orElseThrow();
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, element(items, array.get(i)));
                }
            }
            default -> {
                return scalar(schema, value);
            }
        }
        return value;
    }

    /// Inside lists and maps a null stands for the zero value.
    private static JsonNode element(Schema schema, JsonNode value) {
        if (!value.isNull()) {
            return normal(schema, value);
        }
        return switch (schema.type()) {
            case OBJECT -> NODES.objectNode();
            case ARRAY -> NODES.arrayNode();
            case STRING -> NODES.textNode("");
            case INTEGER, NUMBER, INT_OR_STRING -> NODES.numberNode(0);
            case BOOLEAN -> NODES.booleanNode(false);
            case QUANTITY -> NODES.textNode("0");
            case ANY -> value;
        };
    }

    private static JsonNode scalar(Schema schema, JsonNode value) {
        if (schema.type() == Schema.Type.QUANTITY && value.isValueNode() && !value.isNull()) {
            var canonical = Quantity.parse(value.asText().strip()).toString();
            return value.isTextual() && canonical.equals(value.textValue()) ? value : NODES.textNode(canonical);
        }
        if (schema.format().equals("date-time") && value.isTextual()) {
            var instant = Times.parse(value.textValue());
            boolean micro = schema.name().endsWith(".MicroTime");
            return NODES.textNode(micro ? Times.micros(instant) : Times.seconds(instant));
        }
        return value;
    }

    private static Iterable<String> names(ObjectNode object) {
        var names = new ArrayList<String>(object.size());
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
