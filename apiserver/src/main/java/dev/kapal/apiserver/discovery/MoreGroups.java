package dev.kapal.apiserver.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Adds what other servers serve to the documents of discovery. Pure.
final class MoreGroups {
    /// Before groups with less; those of this server are well above what others usually ask for.
    private static final Comparator<MoreVersion> ORDER = Comparator.comparingInt(MoreVersion::groupPriority)
            .reversed()
            .thenComparing(version -> version.groupVersion().group())
            .thenComparing(Comparator.comparingInt(MoreVersion::versionPriority).reversed())
            .thenComparing(version -> version.groupVersion().version());

    private MoreGroups() {}

    private static Map<String, List<MoreVersion>> byGroup(List<MoreVersion> versions) {
        var groups = new LinkedHashMap<String, List<MoreVersion>>();
        versions.stream()
                .sorted(ORDER)
                .forEach(
                        version -> groups.computeIfAbsent(version.groupVersion().group(), name -> new ArrayList<>())
                                .add(version));
        return groups;
    }

    /// `/apis`: those that can be reached.
    static ObjectNode added(ObjectNode groups, List<MoreVersion> versions) {
        var list = (ArrayNode) groups.path("groups");
        byGroup(versions.stream().filter(MoreVersion::available).toList())
                .forEach((name, some) -> legacy(member(list, "name", name), name, some));
        return groups;
    }

    /// `/apis/GROUP` of a group of which nothing is served here; empty if nobody else serves it.
    static Optional<ObjectNode> group(String name, List<MoreVersion> versions) {
        var some = byGroup(versions).getOrDefault(name, List.of());
        if (some.isEmpty()) {
            return Optional.empty();
        }
        var document = Documents.object().put("kind", "APIGroup").put("apiVersion", "v1");
        legacy(document, name, some);
        return Optional.of(document);
    }

    private static void legacy(ObjectNode group, String name, List<MoreVersion> versions) {
        group.put("name", name);
        var list = group.withArray("versions");
        for (var version : versions) {
            var node = list.addObject();
            node.put("groupVersion", version.groupVersion().apiVersion())
                    .put("version", version.groupVersion().version());
            if (!group.has("preferredVersion")) {
                group.set("preferredVersion", node.deepCopy());
            }
        }
    }

    /// The member of a list whose `field` is `value`, added at the end if there is none.
    private static ObjectNode member(ArrayNode list, String field, String value) {
        for (var node : list) {
            if (node.path(field).asText().equals(value)) {
                return (ObjectNode) node;
            }
        }
        return list.addObject();
    }

    /// APIGroupDiscoveryList: all, those that cannot be reached with what they last told.
    static ObjectNode addedAggregated(ObjectNode document, List<MoreVersion> versions) {
        var items = (ArrayNode) document.path("items");
        byGroup(versions).forEach((name, some) -> {
            ObjectNode group = null;
            for (var item : items) {
                if (item.path("metadata").path("name").asText().equals(name)) {
                    group = (ObjectNode) item;
                }
            }
            if (group == null) {
                group = items.addObject();
                group.putObject("metadata").put("name", name).putNull("creationTimestamp");
            }
            var list = group.withArray("versions");
            some.forEach(version -> describe(version, list.addObject()));
        });
        return document;
    }

    private static void describe(MoreVersion version, ObjectNode into) {
        into.put("version", version.groupVersion().version());
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
