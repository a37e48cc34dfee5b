package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the schema of one version must fulfil: structure first, then what OpenAPI and the extensions demand, the rules
/// in it, and their cost. One check, one thread. Source: apiextensions v1, validation of schemas.
final class SchemaRules {
    /// Fields of the root that do not get lost when the status is looked at alone, as upstream's message lists them.
    private static final Map<String, String> AT_ROOT = Map.ofEntries(
            Map.entry("description", "Description"),
            Map.entry("type", "Type"),
            Map.entry("format", "Format"),
            Map.entry("title", "Title"),
            Map.entry("maximum", "Maximum"),
            Map.entry("exclusiveMaximum", "ExclusiveMaximum"),
            Map.entry("minimum", "Minimum"),
            Map.entry("exclusiveMinimum", "ExclusiveMinimum"),
            Map.entry("maxLength", "MaxLength"),
            Map.entry("minLength", "MinLength"),
            Map.entry("pattern", "Pattern"),
            Map.entry("maxItems", "MaxItems"),
            Map.entry("minItems", "MinItems"),
            Map.entry("uniqueItems", "UniqueItems"),
            Map.entry("multipleOf", "MultipleOf"),
            Map.entry("required", "Required"),
            Map.entry("items", "Items"),
            Map.entry("properties", "Properties"),
            Map.entry("externalDocs", "ExternalDocs"),
            Map.entry("example", "Example"),
            Map.entry("x-kubernetes-preserve-unknown-fields", "XPreserveUnknownFields"),
            Map.entry("x-kubernetes-validations", "XValidations"));
    private static final String AT_ROOT_TEXT = "[Description Type Format Title Maximum ExclusiveMaximum Minimum"
            + " ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items"
            + " Properties ExternalDocs Example XPreserveUnknownFields XValidations]";
    private static final List<String> UNSUPPORTED =
            List.of("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref");

    private final ObjectNode schema;
    private final String path;
    private final boolean hasStatus;
    private final boolean unchanged;
    private final Problems problems;

    /// @param hasStatus whether the version has the status subresource
    /// @param old the schema before an update
    SchemaRules(ObjectNode schema, String path, boolean hasStatus, Optional<JsonNode> old, Problems problems) {
        this.schema = schema;
        this.path = path;
        this.hasStatus = hasStatus;
        this.unchanged = old.map(schema::equals).orElse(false);
        this.problems = problems;
    }

    void check() {
        if (hasStatus) {
            checkRoot();
        }
        if (schema.path("nullable").asBoolean()) {
            problems.forbidden(path + ".nullable", "nullable cannot be true at the root");
        }
        var unsupported = unsupported(schema);
        boolean structural = false;
        if (unsupported.isEmpty()) {
            var found = StructuralRules.check(schema, path);
            if (found.isEmpty()) {
                found = DefaultValueRules.check(schema, path);
                structural = found.isEmpty();
            }
            found.forEach(problems.found()::add);
        }
        int before = problems.found().size();
        var rules = structural ? Optional.of(new RuleChecks(schema, path, unchanged)) : Optional.<RuleChecks>empty();
        new OpenApiRules(problems, rules).check(schema, path);
        if (problems.found().size() == before && unsupported.isPresent()) {
            problems.invalid(path, "", unsupported.get());
        }
        rules.ifPresent(r -> r.total(problems));
    }

    private void checkRoot() {
        for (var field : schema.properties()) {
            if (field.getKey().equals("type") && !field.getValue().asText().equals("object")) {
                problems.invalid(
                        path + ".type",
                        field.getValue(),
                        "only \"object\" is allowed as the type at the root of the schema if the status subresource is"
                                + " enabled");
                return;
            }
            if (!AT_ROOT.containsKey(field.getKey())) {
                problems.invalid(
                        path,
                        schema,
                        "only " + AT_ROOT_TEXT
                                + " fields are allowed at the root of the schema if the status subresource is enabled");
                return;
            }
        }
    }

    /// The words for the first field that structural schemas do not have.
    private static Optional<String> unsupported(JsonNode node) {
        for (var field : UNSUPPORTED) {
            if (node.has(field)
                    && !(node.get(field).isContainerNode() && node.get(field).isEmpty())) {
                return Optional.of("OpenAPIV3Schema '" + field + "' is not supported");
            }
        }
        if (node.path("items").isArray()) {
            return Optional.of("OpenAPIV3Schema 'items' must be a schema, but is an array");
        }
        if (node.has("x-kubernetes-preserve-unknown-fields")
                && !node.get("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            return Optional.of("internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined");
        }
        for (var child : children(node)) {
            var found = unsupported(child);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static List<JsonNode> children(JsonNode node) {
        var children = new ArrayList<JsonNode>();
        node.path("properties").forEach(children::add);
        for (var field : List.of("items", "additionalProperties", "not")) {
            if (node.path(field).isObject()) {
                children.add(node.get(field));
            }
        }
        for (var field : List.of("allOf", "anyOf", "oneOf")) {
            node.path(field).forEach(children::add);
        }
        return children;
    }
}
