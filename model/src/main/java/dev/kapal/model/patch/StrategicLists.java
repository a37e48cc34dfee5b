package dev.kapal.model.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The list half of strategic merge patch: items are found again by their merge key, plain values by themselves.
final class StrategicLists {
    private final StrategicPatch maps;

    StrategicLists(StrategicPatch maps) {
        this.maps = maps;
    }

    /// @param deletes the patch lists values to take away
    ArrayNode merge(Optional<Schema> field, ArrayNode original, ArrayNode patch, boolean deletes) {
        if (original.isEmpty() && patch.isEmpty()) {
            return original;
        }
        boolean objects = isOfObjects(original) && isOfObjects(patch);
        if (!objects) {
            return deletes ? without(original, patch) : mergeValues(original, patch);
        }
        var key = field.flatMap(Schema::patchMergeKey)
                .orElseThrow(() -> PatchException.internal("cannot merge lists without merge key for "
                        + field.flatMap(Schema::items).map(Schema::name).orElse("")));
        var before = original.deepCopy();
        var wanted = plainItems(original, patch, key);
        var items = field.flatMap(Schema::items).orElse(null);
        for (var item : wanted) {
            mergeItem(items, original, item, key);
        }
        return inOrder(original, wanted, before, Optional.of(key));
    }

    /// Applies the items that are directives to the original and answers the others.
    private static ArrayNode plainItems(ArrayNode original, ArrayNode patch, String key) {
        var plain = JsonNodeFactory.instance.arrayNode();
        boolean replace = false;
        for (var item : patch) {
            var directive = item.path(StrategicPatch.DIRECTIVE).asText();
            switch (directive) {
                case "" -> plain.add(item);
                case "delete" -> {
                    var value = keyOf(item, key);
                    remove(original, i -> JsonEquality.same(i.path(key), value));
                }
                case "replace" -> replace = true;
                case "merge" -> throw PatchException.internal("merging lists cannot yet be specified in the patch");
                default -> throw StrategicPatch.unknownDirective(directive, item);
            }
        }
        if (replace) {
            original.removeAll();
        }
        return plain;
    }

    private void mergeItem(Schema items, ArrayNode original, JsonNode item, String key) {
        var value = keyOf(item, key);
        for (int i = 0; i < original.size(); i++) {
            if (JsonEquality.same(original.get(i).path(key), value)) {
                original.set(i, maps.merge(items, (ObjectNode) original.get(i), (ObjectNode) item.deepCopy()));
                return;
            }
        }
        original.add(maps.withoutDirectives(item));
    }

    private static JsonNode keyOf(JsonNode item, String key) {
        if (!item.has(key)) {
            throw PatchException.internal(
                    "map: " + GoText.value(item) + " does not contain declared merge key: " + key);
        }
        return item.get(key);
    }

    private static ArrayNode without(ArrayNode original, ArrayNode values) {
        remove(original, o -> indexOf(values, o, Optional.empty()) >= 0);
        return original;
    }

    private static ArrayNode mergeValues(ArrayNode original, ArrayNode patch) {
        var before = original.deepCopy();
        var merged = JsonNodeFactory.instance.arrayNode();
        for (var list : List.of(original, patch)) {
            for (var value : list) {
                if (value.isArray()) {
                    throw PatchException.unprocessable("lists of lists are not supported");
                }
                if (indexOf(merged, value, Optional.empty()) < 0) {
                    merged.add(value);
                }
            }
        }
        return inOrder(merged, patch, before, Optional.empty());
    }

    /// Every item of the patch must stand in the order that the patch gives.
    void requireInOrder(Optional<Schema> field, JsonNode patch, ArrayNode order) {
        var key = field.flatMap(Schema::patchMergeKey);
        for (var item : patch) {
            if (item.has(StrategicPatch.DIRECTIVE)) {
                continue;
            }
            if (indexOf(order, item, key) < 0) {
                throw PatchException.internal("The order in patch list:\n" + Documents.text(patch) + "\n doesn't match "
                        + "$setElementOrder list:\n" + Documents.text(order) + "\n");
            }
        }
    }

    /// Puts a merged list into the order that the patch gives; what it does not mention keeps its place among the rest.
    ArrayNode ordered(Optional<Schema> field, ArrayNode merged, ArrayNode order, ArrayNode before) {
        return inOrder(merged, order, before, field.flatMap(Schema::patchMergeKey));
    }

    /// Two sorted runs, merged: items of the patch in its order and items that only the server has in theirs. Where the
    /// old list knows both heads it decides, otherwise the patch goes first.
    private static ArrayNode inOrder(ArrayNode merged, ArrayNode order, ArrayNode before, Optional<String> key) {
        var ours = new ArrayList<JsonNode>();
        var servers = new ArrayList<JsonNode>();
        merged.forEach(item -> (indexOf(order, item, key) >= 0 ? ours : servers).add(item));
        ours.sort((a, b) -> Integer.compare(indexOf(order, a, key), indexOf(order, b, key)));
        var result = JsonNodeFactory.instance.arrayNode();
        int i = 0;
        for (var server : servers) {
            int place = indexOf(before, server, key);
            while (i < ours.size() && !isBefore(place, indexOf(before, ours.get(i), key))) {
                result.add(ours.get(i++));
            }
            result.add(server);
        }
        ours.subList(i, ours.size()).forEach(result::add);
        return result;
    }

    private static boolean isBefore(int server, int ours) {
        return server >= 0 && ours >= 0 && server < ours;
    }

    void dropDirectives(ArrayNode array) {
        remove(array, item -> item.has(StrategicPatch.DIRECTIVE));
        array.forEach(maps::withoutDirectives);
    }

    private static int indexOf(ArrayNode list, JsonNode item, Optional<String> key) {
        for (int i = 0; i < list.size(); i++) {
            var candidate = list.get(i);
            boolean same = key.isPresent() && candidate.isObject() && item.isObject()
                    ? candidate.has(key.get()) && JsonEquality.same(candidate.get(key.get()), item.path(key.get()))
                    : JsonEquality.same(candidate, item);
            if (same) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isOfObjects(ArrayNode list) {
        for (var item : list) {
            if (!item.isObject()) {
                return false;
            }
        }
        return true;
    }

    private static void remove(ArrayNode list, Predicate<JsonNode> unwanted) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (unwanted.test(list.get(i))) {
                list.remove(i);
            }
        }
    }
}
