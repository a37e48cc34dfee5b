package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.LabelRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import dev.kapal.model.Problem;
import dev.kapal.model.Schema;
import dev.kapal.model.structural.StructuralSchema;
import java.util.List;
import java.util.Locale;

/// The resources within a custom resource must be such: with a kind, a version and sound metadata. Source:
/// `x-kubernetes-embedded-resource`.
final class EmbeddedRules {
    private EmbeddedRules() {}

    static void check(StructuralSchema root, ObjectNode object, List<Problem> found) {
        object.properties().forEach(field -> child(root, field.getKey(), field.getKey(), field.getValue(), found));
    }

    private static void child(Schema parent, String name, String path, JsonNode value, List<Problem> found) {
        var schema = parent.property(name).or(parent::additionalProperties);
        if (schema.isPresent() && schema.get() instanceof StructuralSchema structural) {
            walk(structural, path, value, found);
        }
    }

    private static void walk(StructuralSchema schema, String path, JsonNode value, List<Problem> found) {
        switch (value) {
            case ObjectNode object -> {
                if (schema.isResource()) {
                    resource(path, object, found);
                }
                object.properties().forEach(field -> {
                    var at = schema.property(field.getKey()).isPresent()
                            ? path + "." + field.getKey()
                            : path + "[" + field.getKey() + "]";
                    child(schema, field.getKey(), at, field.getValue(), found);
                });
            }
            case ArrayNode array -> {
                var items = schema.items();
                if (items.isPresent() && items.get() instanceof StructuralSchema item) {
                    for (int i = 0; i < array.size(); i++) {
                        walk(item, path + "[" + i + "]", array.get(i), found);
                    }
                }
            }
            default -> {}
        }
    }

    private static void resource(String path, ObjectNode object, List<Problem> found) {
        var apiVersion = object.path("apiVersion").asText("");
        var kind = object.path("kind").asText("");
        if (apiVersion.isEmpty()) {
            found.add(Problem.required(path + ".apiVersion", "must not be empty"));
        } else if (apiVersion.chars().filter(c -> c == '/').count() > 1) {
            found.add(
                    Problem.invalid(path + ".apiVersion", apiVersion, "unexpected GroupVersion string: " + apiVersion));
        }
        if (kind.isEmpty()) {
            found.add(Problem.required(path + ".kind", "must not be empty"));
        } else {
            var details = Names.dns1035Label(kind.toLowerCase(Locale.ROOT));
            if (!details.isEmpty()) {
                found.add(Problem.invalid(
                        path + ".kind",
                        kind,
                        "may have mixed case, but should otherwise match: " + String.join(",", details)));
            }
        }
        if (object.get("metadata") instanceof ObjectNode metadata) {
            metadata(path + ".metadata", metadata, found);
        }
    }

    private static void metadata(String path, ObjectNode metadata, List<Problem> found) {
        var problems = new Problems();
        for (var field : List.of("name", "generateName")) {
            var name = metadata.path(field).asText("");
            if (!name.isEmpty()) {
                problems.invalid(path + "." + field, name, Names.pathSegment(name));
            }
        }
        var namespace = metadata.path("namespace").asText("");
        if (!namespace.isEmpty()) {
            problems.invalid(path + ".namespace", namespace, Names.dns1123Label(namespace));
        }
        LabelRules.checkLabels(path + ".labels", metadata.path("labels"), problems);
        LabelRules.checkAnnotations(path + ".annotations", metadata.path("annotations"), problems);
        found.addAll(problems.found());
    }
}
