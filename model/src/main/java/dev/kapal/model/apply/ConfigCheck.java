package dev.kapal.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.apply.TypedSchema.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Checks a configuration against the types before it is merged. Unlike other writes, apply knows no unknown fields:
/// what
/// is not declared cannot be owned. Source: the messages are those of structured-merge-diff.
final class ConfigCheck {
    private static final int SHOWN = 80;

    private final List<String> problems = new ArrayList<>();

    private ConfigCheck() {}

    /// Every problem as a line; empty when the configuration fits.
    static List<String> problems(TypedSchema schema, JsonNode config) {
        var check = new ConfigCheck();
        check.value(schema, "", config);
        return check.problems;
    }

    /// As upstream joins them.
    static String text(List<String> problems) {
        return problems.size() == 1
                ? problems.getFirst()
                : "errors:\n"
                        + String.join("\n", problems.stream().map(p -> "  " + p).toList());
    }

    private void problem(String path, String what) {
        problems.add(path.isEmpty() ? what : path + ": " + what);
    }

    private void value(TypedSchema typed, String path, JsonNode value) {
        var schema = typed.schema();
        if (schema == null || value.isNull()) {
            return;
        }
        switch (schema.type()) {
            case OBJECT -> object(typed, path, value);
            case ARRAY -> array(typed, path, value);
            case STRING ->
                expect(value.isTextual(), path, "string, got &value.valueUnstructured{Value:" + go(value) + "}");
            case INTEGER, NUMBER -> expect(value.isNumber(), path, "numeric (int or float), got " + goType(value));
            case BOOLEAN -> expect(value.isBoolean(), path, "boolean, got &{" + plain(value) + "}");
            case INT_OR_STRING, QUANTITY ->
                expect(value.isValueNode(), path, "any scalar, got &{" + plain(value) + "}");
            case ANY -> {}
        }
    }

    private void expect(boolean fits, String path, String what) {
        if (!fits) {
            problem(path, "expected " + what);
        }
    }

    private void object(TypedSchema typed, String path, JsonNode value) {
        if (!value.isObject()) {
            problem(path, "expected map, got &{" + plain(value) + "}");
            return;
        }
        for (var entry : value.properties()) {
            var name = entry.getKey();
            var below = path + "." + name;
            if (isDeclared(typed.schema(), name)) {
                value(typed.field(name), below, entry.getValue());
            } else {
                problem(below, "field not declared in schema");
            }
        }
    }

    private static boolean isDeclared(Schema schema, String name) {
        return schema.property(name).isPresent()
                || schema.additionalProperties().isPresent()
                || schema.preservesUnknownFields();
    }

    private void array(TypedSchema typed, String path, JsonNode value) {
        if (!value.isArray()) {
            problem(path, "expected list, got &{" + plain(value) + "}");
            return;
        }
        var shape = typed.shape(value);
        var seen = new HashSet<String>();
        int i = 0;
        for (var item : value) {
            if (shape == Shape.LEAF) {
                value(typed.items(), path + "[" + i + "]", item);
            } else {
                item(typed, shape, path, i, item, seen);
            }
            i++;
        }
    }

    private void item(TypedSchema typed, Shape shape, String path, int i, JsonNode item, HashSet<String> seen) {
        var element = typed.element(shape, item);
        if (element.isEmpty()) {
            problem(path, "element " + i + ": " + whyNoElement(typed.schema(), shape, item));
            return;
        }
        var shown = PathElement.shown(element.get());
        if (!seen.add(element.get())) {
            problem(path, "duplicate entries for key " + shown);
        }
        value(typed.items(), path + shown, item);
    }

    private static String whyNoElement(Schema schema, Shape shape, JsonNode item) {
        if (shape == Shape.SET) {
            return item.isNull()
                    ? "associative list without keys has an element that's an explicit null"
                    : "associative list without keys has an element that's a " + (item.isObject() ? "map" : "list")
                            + " type";
        }
        if (item.isNull()) {
            return "associative list with keys may not have a null element";
        }
        if (!(item instanceof ObjectNode object)) {
            return "associative list with keys may not have non-map elements";
        }
        var missing = schema.listMapKeys().stream()
                .filter(key -> !object.has(key))
                .findFirst()
                .orElseThrow();
        return "associative list with keys has an element that omits key field \"" + missing
                + "\" (and doesn't have default value)";
    }

    private static String go(JsonNode value) {
        return value.isTextual() ? '"' + plain(value) + '"' : plain(value);
    }

    private static String plain(JsonNode value) {
        var text = value.isValueNode() ? value.asText() : value.toString();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }

    private static String goType(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case OBJECT -> "map[string]interface {}";
            case ARRAY -> "[]interface {}";
            default -> "<nil>";
        };
    }
}
