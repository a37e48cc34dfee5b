package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.StringFormats;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The formats in the schemas of a definition that are accepted and have no effect. Pure.
final class UnknownFormats {
    private static final Set<String> NUMERIC = Set.of("int32", "int64", "float", "double");
    private static final List<String> BY_NAME = List.of("properties", "patternProperties", "definitions");
    private static final List<String> IN_A_LIST = List.of("allOf", "anyOf", "oneOf");
    private static final List<String> ALONE = List.of("items", "additionalProperties", "additionalItems", "not");

    private UnknownFormats() {}

    static Set<String> of(Crd crd) {
        var found = new LinkedHashSet<String>();
        crd.versions().forEach(version -> version.schema().ifPresent(schema -> collect(schema, found)));
        return found;
    }

    private static void collect(JsonNode schema, Set<String> found) {
        var format = schema.path("format").asText("");
        if (!format.isEmpty() && !NUMERIC.contains(format) && !StringFormats.isKnown(format)) {
            found.add(format);
        }
        BY_NAME.forEach(field -> schema.path(field).forEach(part -> collect(part, found)));
        IN_A_LIST.forEach(field -> schema.path(field).forEach(part -> collect(part, found)));
        ALONE.forEach(field -> {
            if (schema.path(field).isObject()) {
                collect(schema.get(field), found);
            }
        });
    }
}
