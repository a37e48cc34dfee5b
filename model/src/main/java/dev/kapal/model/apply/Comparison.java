package dev.kapal.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kapal.model.apply.TypedSchema.Shape;

/// What differs between two states of an object.
///
/// @param added fields that only the second has
/// @param modified fields whose values differ
/// @param removed fields that only the first has
record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {
    private static final Comparison SAME = new Comparison(FieldSet.EMPTY, FieldSet.EMPTY, FieldSet.EMPTY);
    private static final Comparison MODIFIED = new Comparison(FieldSet.EMPTY, FieldSet.LEAF, FieldSet.EMPTY);

    static Comparison of(TypedSchema schema, JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return SAME;
        }
        var shape = schema.shape(after);
        boolean apart = shape != Shape.LEAF && shape == schema.shape(before);
        if (!apart || TypedSchema.isEmpty(before) && TypedSchema.isEmpty(after)) {
            return MODIFIED;
        }
        return shape == Shape.FIELDS ? fields(schema, before, after) : items(schema, shape, before, after);
    }

    private static Comparison fields(TypedSchema schema, JsonNode before, JsonNode after) {
        var result = open();
        for (var entry : after.properties()) {
            var name = entry.getKey();
            result.child(schema.field(name), PathElement.field(name), before.path(name), entry.getValue());
        }
        for (var entry : before.properties()) {
            if (!after.has(entry.getKey())) {
                var name = entry.getKey();
                result.child(schema.field(name), PathElement.field(name), entry.getValue(), MissingNode.getInstance());
            }
        }
        return result;
    }

    private static Comparison items(TypedSchema schema, Shape shape, JsonNode before, JsonNode after) {
        var result = open();
        var left = Fields.items(schema, shape, before);
        var right = Fields.items(schema, shape, after);
        var items = shape == Shape.SET ? TypedSchema.DEDUCED : schema.items();
        for (var element : right.order()) {
            var item = left.has(element) ? left.get(element) : MissingNode.getInstance();
            result.child(items, element, item, right.get(element));
        }
        for (var element : left.order()) {
            if (!right.has(element)) {
                result.child(items, element, left.get(element), MissingNode.getInstance());
            }
        }
        return result;
    }

    private static Comparison open() {
        return new Comparison(FieldSet.open(), FieldSet.open(), FieldSet.open());
    }

    private void child(TypedSchema schema, String element, JsonNode before, JsonNode after) {
        if (before.isMissingNode()) {
            added.put(element, Fields.whole(schema, after));
        } else if (after.isMissingNode()) {
            removed.put(element, Fields.whole(schema, before));
        } else {
            var below = of(schema, before, after);
            added.put(element, below.added);
            modified.put(element, below.modified);
            removed.put(element, below.removed);
        }
    }

    /// What is left when fields are taken out that the writer could not change.
    Comparison without(FieldSet fields) {
        return fields.isEmpty()
                ? this
                : new Comparison(
                        added.recursiveDifference(fields),
                        modified.recursiveDifference(fields),
                        removed.recursiveDifference(fields));
    }

    /// What the second state has that the first had not, or otherwise.
    FieldSet changed() {
        return added.union(modified);
    }

    boolean isSame() {
        return added.isEmpty() && modified.isEmpty() && removed.isEmpty();
    }
}
