package dev.kapal.model.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.GoText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Strategic merge patch: like a JSON merge patch, but lists whose type declares a merge key are merged item by item,
/// and
/// directives say what a merge cannot: `$patch` (replace, delete), `$retainKeys`, `$setElementOrder/…`,
/// `$deleteFromPrimitiveList/…`. Source: "Update API Objects in Place Using kubectl patch"; the design proposals of
/// strategic merge patch and of its list order.
final class StrategicPatch {
    static final String DIRECTIVE = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE_FROM = "$deleteFromPrimitiveList/";

    private final StrategicLists lists = new StrategicLists(this);

    /// Changes the original in place and answers what stands in its place afterwards. The patch is consumed.
    ObjectNode merge(Schema schema, ObjectNode original, ObjectNode patch) {
        if (patch.has(DIRECTIVE)) {
            return direct(patch);
        }
        retainKeys(original, patch);
        mergeOrderedLists(schema, original, patch);
        for (var change : List.copyOf(patch.properties())) {
            var name = change.getKey();
            boolean deletes = name.startsWith(DELETE_FROM);
            mergeField(
                    schema,
                    original,
                    deletes ? name.substring(DELETE_FROM.length()) : name,
                    change.getValue(),
                    deletes);
        }
        return original;
    }

    private static ObjectNode direct(ObjectNode patch) {
        var directive = patch.path(DIRECTIVE).asText();
        return switch (directive) {
            case "replace" -> patch.without(DIRECTIVE);
            case "delete" -> patch.removeAll();
            default -> throw unknownDirective(directive, patch);
        };
    }

    static PatchException unknownDirective(String directive, JsonNode where) {
        return PatchException.internal("unknown patch type: " + directive + " in map: " + GoText.value(where));
    }

    private void mergeField(Schema schema, ObjectNode original, String name, JsonNode change, boolean deletes) {
        if (change.isNull()) {
            original.remove(name);
            return;
        }
        var field = Optional.ofNullable(schema).flatMap(s -> child(s, name));
        var strategies = field.map(Schema::patchStrategy).orElse(Set.of());
        switch (change) {
            case ObjectNode inner
            when original.get(name) instanceof ObjectNode old ->
                original.set(name, strategies.contains("replace") ? inner : merge(field.orElse(null), old, inner));
            case ArrayNode items
            when original.get(name) instanceof ArrayNode old -> {
                boolean merges = deletes || strategies.contains("merge");
                original.set(name, merges ? lists.merge(field, old, items, deletes) : items);
            }
            default -> {
                if (!deletes) {
                    original.set(name, withoutDirectives(change));
                }
            }
        }
    }

    /// Fields of a map all have the type of its values.
    private static Optional<Schema> child(Schema schema, String name) {
        return schema.additionalProperties().or(() -> schema.property(name));
    }

    /// Clears the fields that the author of the patch does not know of: members of a union.
    private static void retainKeys(ObjectNode original, ObjectNode patch) {
        var directive = patch.remove(RETAIN_KEYS);
        if (directive == null) {
            return;
        }
        if (!directive.isArray()) {
            throw PatchException.malformed("invalid patch format of retainKeys");
        }
        var kept = new HashSet<String>();
        directive.forEach(k -> kept.add(k.asText()));
        for (var change : patch.properties()) {
            boolean isDirective =
                    change.getKey().startsWith(ORDER) || change.getKey().startsWith(DELETE_FROM);
            if (!change.getValue().isNull() && !isDirective && !kept.contains(change.getKey())) {
                throw PatchException.malformed("invalid patch format of retainKeys");
            }
        }
        original.retain(kept);
    }

    /// Lists whose order the patch gives are merged here and taken out of the patch.
    private void mergeOrderedLists(Schema schema, ObjectNode original, ObjectNode patch) {
        var names = new ArrayList<String>();
        patch.fieldNames().forEachRemaining(names::add);
        for (var name : names) {
            if (name.startsWith(ORDER)) {
                if (!(patch.remove(name) instanceof ArrayNode order)) {
                    throw PatchException.malformed("invalid patch format of setElementOrder list");
                }
                mergeOrderedList(schema, original, patch, name.substring(ORDER.length()), order);
            }
        }
    }

    private void mergeOrderedList(Schema schema, ObjectNode original, ObjectNode patch, String name, ArrayNode order) {
        var field = Optional.ofNullable(schema).flatMap(s -> child(s, name));
        var change = patch.remove(name);
        if (change instanceof NullNode) {
            original.remove(name);
            return;
        }
        var before = original.get(name) instanceof ArrayNode old ? old.deepCopy() : null;
        if (change != null) {
            lists.requireInOrder(field, change, order);
            mergeField(schema, original, name, change, false);
        }
        if (original.get(name) instanceof ArrayNode merged) {
            original.set(name, lists.ordered(field, merged, order, before == null ? order : before));
        }
    }

    /// What is new is taken over without nulls and without directives.
    JsonNode withoutDirectives(JsonNode value) {
        switch (value) {
            case ObjectNode object -> {
                if (object.has(DIRECTIVE)) {
                    direct(object);
                }
                for (var entry : List.copyOf(object.properties())) {
                    boolean drop = entry.getValue().isNull()
                            || entry.getKey().equals(RETAIN_KEYS)
                            || entry.getKey().startsWith(ORDER)
                            || entry.getKey().startsWith(DELETE_FROM);
                    if (drop) {
                        object.remove(entry.getKey());
                    } else {
                        withoutDirectives(entry.getValue());
                    }
                }
            }
            case ArrayNode array -> lists.dropDirectives(array);
            default -> {}
        }
        return value;
    }
}
