package dev.kapal.model.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.SchemaLibrary;
import dev.kapal.model.structural.StructuralSchema;
import java.util.List;

/// The definitions of custom resources: their schema as it was written, with what every object has. Version 2 leaves
/// out
/// what it has no words for, so that old clients understand the rest. One document, one thread. Source: apiextensions,
/// publishing of schemas.
final class CustomTypes {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final List<String> TYPE_FIELDS = List.of("apiVersion", "kind");
    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";

    private final Definitions definitions;

    CustomTypes(Definitions definitions) {
        this.definitions = definitions;
    }

    private boolean isV2() {
        return definitions.dialect() == Dialect.V2;
    }

    ObjectNode definition(StructuralSchema schema) {
        var node = schema.node().deepCopy();
        if (isV2() && node.path(PRESERVE).asBoolean() || node.isEmpty()) {
            // with any property at all, old clients would take all others for mistakes
            var description = node.path("description").asText("");
            node = NODES.objectNode().put("type", "object");
            if (!description.isEmpty()) {
                node.put("description", description);
            }
        } else {
            prepare(node);
            resource(node);
        }
        var kind = node.putArray("x-kubernetes-group-version-kind");
        schema.kinds().forEach(k -> kind.add(Definitions.kind(k)));
        var fields = schema.resource().orElseThrow().selectableFields();
        if (!fields.isEmpty() && !isV2()) {
            var selectable = node.putArray("x-kubernetes-selectable-fields");
            fields.forEach(path -> selectable.addObject().put("fieldPath", path.replaceFirst("^\\.", "")));
        }
        return node;
    }

    ObjectNode list(ResourceDefinition resource, ObjectNode item) {
        var node = NODES.objectNode()
                .put("description", resource.listKind() + " is a list of " + resource.kind())
                .put("type", "object");
        node.putArray("required").add("items");
        var properties = node.putObject("properties");
        types(properties);
        var items = properties.putObject("items");
        items.put(
                "description",
                "List of " + resource.plural()
                        + ". More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md");
        items.put("type", "array").set("items", item);
        properties.set(
                "metadata",
                described(
                        "ListMeta",
                        "Standard list metadata. More info:"
                                + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"));
        node.putArray("x-kubernetes-group-version-kind")
                .add(Definitions.kind(resource.groupVersion().kind(resource.listKind())));
        return node;
    }

    /// The fields that every resource has, at its root or where it is embedded.
    private void resource(ObjectNode node) {
        var properties = node.withObject("/properties");
        types(properties);
        properties.set(
                "metadata",
                described(
                        "ObjectMeta",
                        "Standard object's metadata. More info:"
                                + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"));
    }

    private static void types(ObjectNode properties) {
        var pod = SchemaLibrary.builtIn().schema("io.k8s.api.core.v1.Pod");
        TYPE_FIELDS.forEach(field -> properties
                .putObject(field)
                .put("description", pod.properties().get(field).description())
                .put("type", "string"));
    }

    private ObjectNode described(String type, String description) {
        var node = NODES.objectNode().put("description", description);
        var reference = definitions.reference(META + type);
        if (isV2()) {
            node.setAll(reference);
        } else {
            node.putArray("allOf").add(reference);
        }
        return node;
    }

    private void prepare(ObjectNode node) {
        if (isV2()) {
            simplify(node);
        }
        node.path("properties").forEach(this::prepareIfObject);
        prepareIfObject(node.path("items"));
        prepareIfObject(node.path("additionalProperties"));
        if (node.path("x-kubernetes-embedded-resource").asBoolean()
                && !(isV2() && node.path(PRESERVE).asBoolean())) {
            resource(node);
        }
    }

    private void prepareIfObject(JsonNode node) {
        if (node instanceof ObjectNode object) {
            prepare(object);
        }
    }

    private static void simplify(ObjectNode node) {
        node.remove(List.of("allOf", "anyOf", "oneOf", "not", "$schema"));
        if (node.path("nullable").asBoolean()) {
            node.remove(List.of("nullable", "type", "properties", "items", "additionalProperties"));
        }
        if (node.path(PRESERVE).asBoolean()) {
            node.remove(List.of("properties", "items"));
        }
        if (node.get("required") instanceof ArrayNode required) {
            var kept = NODES.arrayNode();
            required.forEach(name -> {
                if (!node.path("properties")
                        .path(name.asText())
                        .path("nullable")
                        .asBoolean()) {
                    kept.add(name);
                }
            });
            node.set("required", kept);
            if (kept.isEmpty()) {
                node.remove("required");
            }
        }
    }
}
