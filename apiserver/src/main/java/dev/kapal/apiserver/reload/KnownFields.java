package dev.kapal.apiserver.reload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/// Refuses fields that a configuration does not have: a rule that is misspelt must not be one that does not hold.
///
/// @param byPath the fields of each object, by its path; `jwt[].issuer` is that of each item of a list
public record KnownFields(Map<String, Set<String>> byPath) {
    public KnownFields {
        byPath = Map.copyOf(byPath);
    }

    /// @throws IllegalArgumentException naming the first field that is unknown
    public void check(JsonNode document) {
        check("", "", document);
    }

    /// @param path of the table
    /// @param place for people, with the numbers of items
    private void check(String path, String place, JsonNode node) {
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            check(path + "[]", place + "[" + i + "]", node.get(i));
        }
        var known = byPath.get(path);
        for (var field : node.properties()) {
            String prefix = path.isEmpty() ? "" : ".";
            if (known != null && !known.contains(field.getKey())) {
                throw new IllegalArgumentException(
                        "strict decoding error: unknown field \"" + place + prefix + field.getKey() + "\"");
            }
            check(path + prefix + field.getKey(), place + prefix + field.getKey(), field.getValue());
        }
    }
}
