package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What OpenAPI and Kubernetes' extensions demand of every node of a schema. One check, one thread.
final class OpenApiRules {
    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");
    private static final List<String> META = List.of("metadata", "kind", "apiVersion");
    private static final Set<String> REASONS =
            Set.of("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");

    private final Problems problems;
    private final Optional<RuleChecks> rules;

    /// @param rules none when the schema is not structural, so that expressions would have no types
    OpenApiRules(Problems problems, Optional<RuleChecks> rules) {
        this.problems = problems;
        this.rules = rules;
    }

    /// What holds for all below a node.
    ///
    /// @param noDefaults why there may be no defaults, empty when there may
    /// @param insideMeta below a resource's metadata
    /// @param uncorrelated the outermost place whose old value cannot be told, empty when all can
    /// @param rules whether expressions are looked at; they are not in alternatives
    private record Scope(
            String noDefaults, boolean insideMeta, String uncorrelated, boolean rules, RuleChecks.Place place) {
        Scope withoutDefaults(String why) {
            return new Scope(why, insideMeta, uncorrelated, rules, place);
        }

        Scope inMeta() {
            return new Scope(noDefaults, true, uncorrelated, rules, place);
        }

        Scope uncorrelated(String path) {
            return uncorrelated.isEmpty() ? new Scope(noDefaults, insideMeta, path, rules, place) : this;
        }

        Scope alternative() {
            return new Scope(noDefaults, insideMeta, uncorrelated, false, place);
        }

        Scope at(RuleChecks.Place next) {
            return new Scope(noDefaults, insideMeta, uncorrelated, rules, next);
        }
    }

    void check(ObjectNode schema, String path) {
        node(schema, path, true, new Scope("", false, "", true, RuleChecks.Place.root(schema)));
    }

    private void node(JsonNode schema, String path, boolean root, Scope scope) {
        int before = problems.found().size();
        standard(schema, path, scope);
        children(schema, path, root, scope);
        if (schema.has("x-kubernetes-preserve-unknown-fields")
                && !schema.get("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            problems.invalid(path + ".x-kubernetes-preserve-unknown-fields", false, "must be true or undefined");
        }
        mapType(schema, path);
        listType(schema, path);
        expressions(schema, path);
        boolean sound = problems.found().size() == before;
        if (sound && scope.rules() && !schema.path("x-kubernetes-validations").isEmpty()) {
            rules.ifPresent(r -> r.check(scope.place(), path, scope.uncorrelated(), problems));
        }
    }

    private void standard(JsonNode schema, String path, Scope scope) {
        var type = schema.path("type").asText("");
        if (!type.isEmpty() && !TYPES.contains(type)) {
            problems.notSupported(path + ".type", type, TYPES);
        }
        if (schema.has("default") && !scope.noDefaults().isEmpty()) {
            problems.forbidden(path + ".default", "must not be set " + scope.noDefaults());
        }
        for (var field : List.of("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref")) {
            if (schema.has(field)) {
                problems.forbidden(path + "." + field, field + " is not supported");
            }
        }
        if (type.equals("null")) {
            problems.forbidden(path + ".type", "type cannot be set to null, use nullable as an alternative");
        }
        if (schema.path("items").isArray()) {
            problems.forbidden(path + ".items", "items must be a schema object and not an array");
        }
        if (scope.insideMeta() && schema.path("x-kubernetes-embedded-resource").asBoolean()) {
            problems.forbidden(path + ".x-kubernetes-embedded-resource", "must not be used inside of resource meta");
        }
        if (schema.path("uniqueItems").asBoolean()) {
            problems.forbidden(
                    path + ".uniqueItems",
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }
    }

    private void children(JsonNode schema, String path, boolean root, Scope scope) {
        var values = schema.get("additionalProperties");
        if (values != null) {
            if (!schema.path("properties").isEmpty() && (values.isObject() || !values.asBoolean())) {
                problems.forbidden(
                        path + ".additionalProperties", "additionalProperties and properties are mutual exclusive");
            }
            if (values.isObject()) {
                var inner = scope.insideMeta()
                        ? scope.withoutDefaults("inside additionalProperties applying to object metadata")
                        : scope;
                node(
                        values,
                        path + ".additionalProperties",
                        false,
                        inner.at(scope.place().values(schema)));
            }
        }
        boolean atomic = schema.path("x-kubernetes-map-type").asText("").equals("atomic");
        boolean resource = root || schema.path("x-kubernetes-embedded-resource").asBoolean();
        schema.path("properties").properties().forEach(p -> {
            var inner = atomic ? scope.uncorrelated(path) : scope;
            if (resource && META.contains(p.getKey())) {
                inner = inner.inMeta();
                if (root) {
                    inner = inner.withoutDefaults("in top-level " + p.getKey());
                }
            }
            node(
                    p.getValue(),
                    path + ".properties[" + p.getKey() + "]",
                    false,
                    inner.at(scope.place().property(p.getKey(), p.getValue())));
        });
        if (schema.path("not").isObject()) {
            node(schema.get("not"), path + ".not", false, scope.alternative());
        }
        for (var field : List.of("allOf", "oneOf", "anyOf")) {
            int i = 0;
            for (var part : schema.path(field)) {
                node(part, path + "." + field + "[" + i++ + "]", false, scope.alternative());
            }
        }
        if (schema.path("items").isObject()) {
            boolean map = schema.path("x-kubernetes-list-type").asText("").equals("map");
            var inner = map ? scope : scope.uncorrelated(path);
            node(
                    schema.get("items"),
                    path + ".items",
                    false,
                    inner.at(scope.place().items(schema)));
        }
    }

    private void mapType(JsonNode schema, String path) {
        var mapType = schema.path("x-kubernetes-map-type").asText("");
        if (mapType.isEmpty()) {
            return;
        }
        typed(schema, "object", "x-kubernetes-map-type", path);
        if (!List.of("atomic", "granular").contains(mapType)) {
            problems.notSupported(path + ".x-kubernetes-map-type", mapType, List.of("atomic", "granular"));
        }
    }

    private void typed(JsonNode schema, String wanted, String extension, String path) {
        var type = schema.path("type").asText("");
        var detail = "must be " + wanted + " if " + extension + " is specified";
        if (type.isEmpty()) {
            problems.required(path + ".type", detail);
        } else if (!type.equals(wanted)) {
            problems.invalid(path + ".type", type, detail);
        }
    }

    private void listType(JsonNode schema, String path) {
        var listType = schema.path("x-kubernetes-list-type").asText("");
        var keys = schema.path("x-kubernetes-list-map-keys");
        if (!listType.isEmpty()) {
            if (schema.path("type").asText("").equals("array")) {
                setItems(schema, listType, path);
            } else {
                typed(schema, "array", "x-kubernetes-list-type", path);
            }
            if (!List.of("atomic", "set", "map").contains(listType)) {
                problems.notSupported(path + ".x-kubernetes-list-type", listType, List.of("atomic", "set", "map"));
            }
        }
        if (!keys.isEmpty() && !listType.equals("map")) {
            var detail = "must be map if x-kubernetes-list-map-keys is non-empty";
            if (listType.isEmpty()) {
                problems.required(path + ".x-kubernetes-list-type", detail);
            } else {
                problems.invalid(path + ".x-kubernetes-list-type", listType, detail);
            }
        }
        if (listType.equals("map")) {
            mapItems(schema, keys, path);
        }
        if (listType.equals("map") || listType.equals("set")) {
            notNullable(schema, listType, keys, path);
        }
    }

    private void setItems(JsonNode schema, String listType, String path) {
        var items = schema.path("items");
        if (!listType.equals("set") || !items.isObject()) {
            return;
        }
        var detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
        var itemList = items.path("x-kubernetes-list-type").asText("");
        var itemMap = items.path("x-kubernetes-map-type").asText("");
        switch (items.path("type").asText("")) {
            case "array" -> {
                if (!itemList.isEmpty() && !itemList.equals("atomic")) {
                    problems.invalid(path + ".items.x-kubernetes-list-type", itemList, detail);
                }
            }
            case "object" -> {
                if (!itemMap.equals("atomic")) {
                    problems.invalid(path + ".items.x-kubernetes-map-type", itemMap.isEmpty() ? null : itemMap, detail);
                }
            }
            default -> {}
        }
    }

    private void mapItems(JsonNode schema, JsonNode keys, String path) {
        var items = schema.path("items");
        if (keys.isEmpty()) {
            problems.required(
                    path + ".x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map");
        }
        if (items.isMissingNode()) {
            problems.required(path + ".items", "must have a schema if x-kubernetes-list-type is map");
            return;
        }
        if (items.isArray()) {
            problems.invalid(path + ".items", items, "must only have a single schema if x-kubernetes-list-type is map");
            return;
        }
        var type = items.path("type").asText("");
        if (!type.equals("object")) {
            problems.invalid(
                    path + ".items.type", type, "must be object if parent array's x-kubernetes-list-type is map");
            return;
        }
        var seen = new HashSet<String>();
        for (var key : keys) {
            var property = items.path("properties").get(key.asText());
            if (property == null) {
                problems.invalid(
                        path + ".x-kubernetes-list-map-keys", keys, "entries must all be names of item properties");
            } else if (List.of("array", "object").contains(property.path("type").asText(""))) {
                problems.invalid(
                        path + ".items.properties[" + key.asText() + "].type",
                        type,
                        "must be a scalar type if parent array's x-kubernetes-list-type is map");
            }
            if (!seen.add(key.asText())) {
                problems.invalid(path + ".x-kubernetes-list-map-keys", keys, "must not contain duplicate entries");
            }
        }
    }

    private void notNullable(JsonNode schema, String listType, JsonNode keys, String path) {
        var items = schema.path("items");
        if (items.path("nullable").asBoolean()) {
            problems.forbidden(
                    path + ".items.nullable", "cannot be nullable when x-kubernetes-list-type is " + listType);
        }
        if (!listType.equals("map")) {
            return;
        }
        var required = new HashSet<String>();
        items.path("required").forEach(name -> required.add(name.asText()));
        for (var key : keys) {
            var property = items.path("properties").get(key.asText());
            if (property == null) {
                continue;
            }
            var at = path + ".items.properties[" + key.asText() + "]";
            if (!required.contains(key.asText()) && !property.has("default")) {
                problems.required(
                        at + ".default",
                        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required"
                                + " property");
            }
            if (property.path("nullable").asBoolean()) {
                problems.forbidden(
                        at + ".nullable", "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
            }
        }
    }

    private void expressions(JsonNode schema, String path) {
        int i = 0;
        for (var rule : schema.path("x-kubernetes-validations")) {
            expression(schema, rule, path + ".x-kubernetes-validations[" + i++ + "]");
        }
    }

    private void expression(JsonNode schema, JsonNode rule, String path) {
        var text = rule.path("rule").asText("");
        var message = rule.path("message").asText("");
        if (text.isBlank()) {
            problems.required(path + ".rule", "rule is not specified");
        } else if (!message.isEmpty() && message.isBlank()) {
            problems.invalid(path + ".message", message, "message must be non-empty if specified");
        } else if (hasLineBreaks(message.strip())) {
            problems.invalid(path + ".message", message, "message must not contain line breaks");
        } else if (hasLineBreaks(text.strip()) && message.isBlank()) {
            problems.required(path + ".message", "message must be specified if rule contains line breaks");
        }
        var messageExpression = rule.path("messageExpression").asText("");
        if (!messageExpression.isEmpty() && messageExpression.isBlank()) {
            problems.required(path + ".messageExpression", "messageExpression must be non-empty if specified");
        }
        if (rule.has("reason") && !REASONS.contains(rule.get("reason").asText())) {
            problems.notSupported(
                    path + ".reason",
                    rule.get("reason").asText(),
                    REASONS.stream().sorted().toList());
        }
        fieldPath(schema, rule.path("fieldPath").asText(""), path + ".fieldPath");
    }

    private void fieldPath(JsonNode schema, String fieldPath, String path) {
        if (fieldPath.isEmpty()) {
            return;
        }
        if (fieldPath.isBlank()) {
            problems.invalid(path, fieldPath, "fieldPath must be non-empty if specified");
        }
        if (hasLineBreaks(fieldPath)) {
            problems.invalid(path, fieldPath, "fieldPath must not contain line breaks");
        }
        try {
            SchemaPath.find(fieldPath, (ObjectNode) schema, true);
        } catch (IllegalArgumentException unknown) {
            problems.invalid(path, fieldPath, "fieldPath must be a valid path");
        }
    }

    private static boolean hasLineBreaks(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }
}
