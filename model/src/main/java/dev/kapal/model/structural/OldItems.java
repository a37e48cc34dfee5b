package dev.kapal.model.structural;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The items that a list had, by their keys: only lists that are maps can be compared item by item.
public final class OldItems {
    private static final OldItems NONE = new OldItems(List.of(), Map.of());

    private final List<String> keys;
    private final Map<List<JsonNode>, JsonNode> items;

    private OldItems(List<String> keys, Map<List<JsonNode>, JsonNode> items) {
        this.keys = keys;
        this.items = items;
    }

    /// @param schema of the list
    /// @param old what the list was
    public static OldItems of(ObjectNode schema, Optional<JsonNode> old) {
        if (old.isEmpty() || !schema.path("x-kubernetes-list-type").asText("").equals("map")) {
            return NONE;
        }
        var keys = new ArrayList<String>();
        schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
        var items = new HashMap<List<JsonNode>, JsonNode>();
        old.get().forEach(item -> items.put(key(keys, item), item));
        return new OldItems(keys, items);
    }

    /// What the item was before.
    public Optional<JsonNode> of(JsonNode item) {
        return items.isEmpty() ? Optional.empty() : Optional.ofNullable(items.get(key(keys, item)));
    }

    static List<JsonNode> key(List<String> keys, JsonNode item) {
        return keys.stream().map(item::path).toList();
    }
}
