package dev.kapal.model.codec;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Quantity;
import dev.kapal.model.Schema;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Walks a document and stops at the first value that a typed decoder would refuse. Messages name the type that holds
/// the
/// field and the path without indices. One walk, one thread.
final class TypeCheck {
    private final Deque<String> path = new ArrayDeque<>();
    private String holder = "";

    void check(Schema schema, JsonNode value) {
        if (value.isNull()) {
            return;
        }
        switch (schema.type()) {
            case OBJECT -> object(schema, value);
            case ARRAY -> array(schema, value);
            case STRING -> string(schema, value);
            case INTEGER -> integer(schema, value);
            case NUMBER -> require(value.isNumber(), schema, value);
            case BOOLEAN -> require(value.isBoolean(), schema, value);
            case INT_OR_STRING -> intOrString(value);
            case QUANTITY -> quantity(value);
            case ANY -> {}
        }
    }

    private void object(Schema schema, JsonNode value) {
        require(value.isObject(), schema, value);
        var values = schema.additionalProperties();
        if (values.isPresent()) {
            value.forEach(v -> check(values.get(), v));
            return;
        }
        var outer = holder;
        for (var field : value.properties()) {
            var child = schema.property(field.getKey());
            if (child.isPresent()) {
                holder = GoNames.simple(schema);
                path.addLast(field.getKey());
                check(child.get(), field.getValue());
                path.removeLast();
            }
        }
        holder = outer;
    }

    private void array(Schema schema, JsonNode value) {
        require(value.isArray(), schema, value);
        var items = schema.items().orElseThrow();
        value.forEach(item -> check(items, item));
    }

    private void string(Schema schema, JsonNode value) {
        if (schema.format().equals("date-time")) {
            requirePlain(value.isTextual(), value, "string");
            Times.parse(value.textValue());
            return;
        }
        require(value.isTextual(), schema, value);
        if (schema.format().equals("byte")) {
            base64(value.textValue());
        }
    }

    private void integer(Schema schema, JsonNode value) {
        require(value.isNumber(), schema, value);
        boolean fits = schema.format().equals("int32") ? value.canConvertToInt() : value.canConvertToLong();
        if (!value.isIntegralNumber() || !fits) {
            throw mismatch("number " + value.asText(), schema);
        }
    }

    private static void intOrString(JsonNode value) {
        if (!value.isTextual()) {
            requirePlain(value.isNumber(), value, "int32");
            if (!value.canConvertToInt() || !value.isIntegralNumber()) {
                throw new DecodeException(
                        "json: cannot unmarshal number " + value.asText() + " into Go value of type int32");
            }
        }
    }

    private static void quantity(JsonNode value) {
        try {
            Quantity.parse(value.isContainerNode() ? "{" : value.asText().strip());
        } catch (IllegalArgumentException e) {
            throw new DecodeException(e.getMessage());
        }
    }

    private static void base64(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n') {
                continue;
            }
            boolean digit = c < 128 && (Character.isLetterOrDigit(c) || c == '+' || c == '/');
            boolean padding = c == '=' && length % 4 >= 2 && text.substring(i).matches("={1,2}[\\r\\n]*");
            if (!digit && !padding) {
                throw new DecodeException("illegal base64 data at input byte " + i);
            }
            length++;
        }
        if (length % 4 != 0) {
            throw new DecodeException("illegal base64 data at input byte " + (text.length() / 4 * 4));
        }
    }

    private void require(boolean fits, Schema schema, JsonNode value) {
        if (!fits) {
            throw mismatch(GoNames.ofValue(value), schema);
        }
    }

    /// Types that decode themselves do not know which field they are.
    private static void requirePlain(boolean fits, JsonNode value, String type) {
        if (!fits) {
            throw new DecodeException(
                    "json: cannot unmarshal " + GoNames.ofValue(value) + " into Go value of type " + type);
        }
    }

    private DecodeException mismatch(String value, Schema schema) {
        return new DecodeException("json: cannot unmarshal " + value + " into Go struct field " + holder + "."
                + String.join(".", List.copyOf(path)) + " of type " + GoNames.ofType(schema));
    }
}
