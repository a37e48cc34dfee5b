package dev.kapal.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.apply.TypedSchema.Shape;
import dev.kapal.model.codec.Documents;

/// Lays a configuration over an object, and takes fields out of one. Nothing that is given is changed.
final class Merge {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Merge() {}

    /// `live` with everything that `config` says.
    static JsonNode of(TypedSchema schema, JsonNode live, JsonNode config) {
        var shape = schema.shape(config);
        boolean apart = shape != Shape.LEAF && shape == schema.shape(live);
        if (!apart || TypedSchema.isEmpty(live) && TypedSchema.isEmpty(config)) {
            return config;
        }
        return shape == Shape.FIELDS ? fields(schema, live, config) : items(schema, shape, live, config);
    }

    private static ObjectNode fields(TypedSchema schema, JsonNode live, JsonNode config) {
        var result = Documents.object();
        for (var entry : live.properties()) {
            var name = entry.getKey();
            var said = config.get(name);
            result.set(name, said == null ? entry.getValue() : of(schema.field(name), entry.getValue(), said));
        }
        for (var entry : config.properties()) {
            if (!live.has(entry.getKey())) {
                result.set(entry.getKey(), entry.getValue());
            }
        }
        return result;
    }

    /// Items that both have stand in the order of the configuration; those of the live list keep their place among
    /// them.
    private static ArrayNode items(TypedSchema schema, Shape shape, JsonNode live, JsonNode config) {
        var left = Fields.items(schema, shape, live);
        var right = Fields.items(schema, shape, config);
        var shared = right.order().stream().filter(left::has).iterator();
        var result = NODES.arrayNode();
        var next = shared.hasNext() ? shared.next() : null;
        int l = 0;
        int r = 0;
        while (l < left.order().size() || r < right.order().size()) {
            if (l < left.order().size()) {
                var element = left.order().get(l);
                boolean both =
                        r < right.order().size() && element.equals(right.order().get(r));
                if (!both && right.has(element) && r < right.order().size() && next != null && !element.equals(next)) {
                    l++; // shared, and its turn in the configuration's order is later or over
                    continue;
                }
                if (!right.has(element)) {
                    result.add(left.get(element));
                    l++;
                    continue;
                }
                if (both) {
                    l++;
                } else if (r >= right.order().size()) {
                    l++;
                    continue;
                }
            }
            var element = right.order().get(r++);
            result.add(
                    left.has(element) && shape == Shape.KEYED
                            ? of(schema.items(), left.get(element), right.get(element))
                            : right.get(element));
            if (element.equals(next)) {
                next = shared.hasNext() ? shared.next() : null;
            }
        }
        return result;
    }

    /// `value` without the fields of the set; what becomes empty becomes null.
    static JsonNode without(TypedSchema schema, JsonNode value, FieldSet unwanted) {
        var shape = schema.shape(value);
        if (shape == Shape.LEAF) {
            return value.isContainerNode() ? NullNode.getInstance() : value;
        }
        if (TypedSchema.isEmpty(value)) {
            return NullNode.getInstance();
        }
        var rest = shape == Shape.FIELDS
                ? fieldsWithout(schema, value, unwanted)
                : itemsWithout(schema, shape, value, unwanted);
        return rest.isEmpty() ? NullNode.getInstance() : rest;
    }

    private static ObjectNode fieldsWithout(TypedSchema schema, JsonNode value, FieldSet unwanted) {
        var rest = Documents.object();
        for (var entry : value.properties()) {
            var part = unwanted.below(PathElement.field(entry.getKey()));
            if (!part.isMember()) {
                rest.set(
                        entry.getKey(),
                        part.isEmpty()
                                ? entry.getValue()
                                : without(schema.field(entry.getKey()), entry.getValue(), part));
            }
        }
        return rest;
    }

    private static ArrayNode itemsWithout(TypedSchema schema, Shape shape, JsonNode value, FieldSet unwanted) {
        var rest = NODES.arrayNode();
        for (var item : value) {
            var part = schema.element(shape, item).map(unwanted::below).orElse(FieldSet.EMPTY);
            if (!part.isMember()) {
                rest.add(part.isEmpty() || shape == Shape.SET ? item : without(schema.items(), item, part));
            }
        }
        return rest;
    }
}
