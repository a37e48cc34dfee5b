package dev.kapal.model.structural;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Problem;
import dev.kapal.model.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Whether the lists of a document that are sets or maps hold each item once. Source: `x-kubernetes-list-type`.
public final class ListTypes {
    private ListTypes() {}

    /// @param path where `value` stands, empty for a whole object
    public static List<Problem> check(String path, Schema schema, JsonNode value) {
        var problems = new ArrayList<Problem>();
        walk(path, schema, value, problems);
        return problems;
    }

    private static void walk(String path, Schema schema, JsonNode value, List<Problem> problems) {
        if (!(schema instanceof StructuralSchema)) {
            return;
        }
        switch (value) {
            case ObjectNode object ->
                object.properties().forEach(field -> {
                    var known = schema.property(field.getKey());
                    var at = known.isPresent()
                            ? (path.isEmpty() ? field.getKey() : path + "." + field.getKey())
                            : path + "[" + field.getKey() + "]";
                    known.or(schema::additionalProperties)
                            .ifPresent(child -> walk(at, child, field.getValue(), problems));
                });
            case ArrayNode array -> {
                list(path, schema, array, problems);
                schema.items().ifPresent(items -> {
                    for (int i = 0; i < array.size(); i++) {
                        walk(path + "[" + i + "]", items, array.get(i), problems);
                    }
                });
            }
            default -> {}
        }
    }

    private static void list(String path, Schema schema, ArrayNode array, List<Problem> problems) {
        if (schema.listType() == Schema.ListType.ATOMIC) {
            return;
        }
        var seen = new HashSet<JsonNode>();
        var told = new HashSet<JsonNode>();
        for (int i = 0; i < array.size(); i++) {
            var item = array.get(i);
            var key = schema.listType() == Schema.ListType.SET ? item : keys(schema, item);
            if (!seen.add(key) && told.add(key)) {
                problems.add(Problem.duplicate(path + "[" + i + "]", key));
            }
        }
    }

    private static ObjectNode keys(Schema schema, JsonNode item) {
        var keys = JsonNodeFactory.instance.objectNode();
        schema.listMapKeys().stream().sorted().filter(item::has).forEach(key -> keys.set(key, item.get(key)));
        return keys;
    }
}
