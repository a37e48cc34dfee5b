package dev.kapal.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/// Lists the fields of a document. Two ways: what a configuration names, where a structure is not a field of its own,
/// and everything that came into being with a value, where it is.
final class Fields {
    private Fields() {}

    /// The fields that a configuration names.
    static FieldSet of(TypedSchema schema, JsonNode value) {
        var shape = schema.shape(value);
        return switch (shape) {
            case LEAF -> FieldSet.LEAF;
            case FIELDS -> ofFields(schema, value);
            case SET, KEYED -> ofItems(schema, shape, value);
        };
    }

    private static FieldSet ofFields(TypedSchema schema, JsonNode value) {
        var set = FieldSet.open();
        for (var entry : value.properties()) {
            var name = entry.getKey();
            var child = entry.getValue();
            var below = of(schema.field(name), child);
            boolean bare = child.isNull() || child.isObject() && child.isEmpty();
            set.put(PathElement.field(name), bare || !schema.declaresField(name) ? below.union(FieldSet.LEAF) : below);
        }
        return set;
    }

    private static FieldSet ofItems(TypedSchema schema, TypedSchema.Shape shape, JsonNode list) {
        var set = FieldSet.open();
        var twice = duplicates(schema, shape, list);
        for (var item : list) {
            schema.element(shape, item).ifPresent(element -> {
                boolean plain = shape == TypedSchema.Shape.SET || twice.contains(element);
                set.put(
                        element,
                        plain ? FieldSet.LEAF : of(schema.items(), item).union(FieldSet.LEAF));
            });
        }
        return set;
    }

    /// Elements that stand twice are owned as one.
    private static HashSet<String> duplicates(TypedSchema schema, TypedSchema.Shape shape, JsonNode list) {
        var seen = new HashSet<String>();
        var twice = new HashSet<String>();
        for (var item : list) {
            schema.element(shape, item).filter(element -> !seen.add(element)).ifPresent(twice::add);
        }
        return twice;
    }

    /// Everything that `value` brought with it: every value, every item and every structure.
    static FieldSet whole(TypedSchema schema, JsonNode value) {
        var shape = schema.shape(value);
        if (shape == TypedSchema.Shape.LEAF || TypedSchema.isEmpty(value)) {
            return FieldSet.LEAF;
        }
        var set = FieldSet.open();
        set.insert();
        if (shape == TypedSchema.Shape.FIELDS) {
            for (var entry : value.properties()) {
                set.put(PathElement.field(entry.getKey()), whole(schema.field(entry.getKey()), entry.getValue()));
            }
            return set;
        }
        for (var item : value) {
            schema.element(shape, item)
                    .ifPresent(element -> set.put(
                            element, shape == TypedSchema.Shape.SET ? FieldSet.LEAF : whole(schema.items(), item)));
        }
        return set;
    }

    /// The items of a list by their elements, in order; of items that stand twice the first.
    static Items items(TypedSchema schema, TypedSchema.Shape shape, JsonNode list) {
        var items = new Items(new ArrayList<>(list.size()), HashMap.newHashMap(list.size()));
        if (list instanceof ArrayNode array) {
            for (var item : array) {
                schema.element(shape, item)
                        .filter(element -> items.byElement.putIfAbsent(element, item) == null)
                        .ifPresent(items.order::add);
            }
        }
        return items;
    }

    record Items(List<String> order, HashMap<String, JsonNode> byElement) {
        boolean has(String element) {
            return byElement.containsKey(element);
        }

        JsonNode get(String element) {
            return byElement.get(element);
        }
    }
}
