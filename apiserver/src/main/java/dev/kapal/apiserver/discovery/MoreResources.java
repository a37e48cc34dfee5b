package dev.kapal.apiserver.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;

/// Writes what another server told of its resources into the documents of aggregated discovery. Pure.
final class MoreResources {
    private MoreResources() {}

    /// One version of a group; if its server cannot be reached, with what it last told.
    static void describe(MoreVersion version, ObjectNode into) {
        var resources = into.putArray("resources");
        var byName = new LinkedHashMap<String, ObjectNode>();
        for (var resource : version.resources().path("resources")) {
            String name = resource.path("name").asText();
            int slash = name.indexOf('/');
            if (slash < 0) {
                byName.put(name, whole(resource, version, resources.addObject()));
            } else if (byName.get(name.substring(0, slash)) instanceof ObjectNode parent) {
                var part = parent.withArray("subresources").addObject();
                part.put("subresource", name.substring(slash + 1));
                kind(resource, version, part);
                part.set("verbs", resource.path("verbs").deepCopy());
            }
        }
        into.put("freshness", version.available() ? "Current" : "Stale");
    }

    private static ObjectNode whole(JsonNode resource, MoreVersion version, ObjectNode into) {
        into.put("resource", resource.path("name").asText());
        kind(resource, version, into);
        into.put("scope", resource.path("namespaced").asBoolean() ? "Namespaced" : "Cluster");
        into.put("singularResource", resource.path("singularName").asText(""));
        for (var field : List.of("verbs", "shortNames", "categories")) {
            if (resource.path(field).isArray()) {
                into.set(field, resource.path(field).deepCopy());
            }
        }
        return into;
    }

    private static void kind(JsonNode resource, MoreVersion version, ObjectNode into) {
        into.putObject("responseKind")
                .put(
                        "group",
                        resource.path("group").asText(version.groupVersion().group()))
                .put(
                        "version",
                        resource.path("version").asText(version.groupVersion().version()))
                .put("kind", resource.path("kind").asText());
    }
}
