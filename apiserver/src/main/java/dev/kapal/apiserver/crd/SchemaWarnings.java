package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.StringFormats;
import java.util.List;

/// What of a schema is accepted and has no effect.
final class SchemaWarnings {
    private SchemaWarnings() {}

    static void collect(ObjectNode schema, String version, List<String> warnings) {
        walk(schema, "spec.versions[name=" + version + "].schema.openAPIV3Schema", warnings);
    }

    private static void walk(JsonNode schema, String path, List<String> warnings) {
        var format = schema.path("format").asText("");
        boolean numeric = List.of("int32", "int64", "float", "double").contains(format);
        if (!format.isEmpty() && !numeric && !StringFormats.isKnown(format)) {
            warnings.add("unrecognized format \"" + format + "\"");
        }
        schema.path("properties")
                .properties()
                .forEach(p -> walk(p.getValue(), path + ".properties[" + p.getKey() + "]", warnings));
        if (schema.path("items").isObject()) {
            walk(schema.get("items"), path + ".items", warnings);
        }
        if (schema.path("additionalProperties").isObject()) {
            walk(schema.get("additionalProperties"), path + ".additionalProperties", warnings);
        }
    }
}
