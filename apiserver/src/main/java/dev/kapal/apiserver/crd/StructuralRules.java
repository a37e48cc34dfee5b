package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.kapal.model.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Whether a schema is structural: every field has one type, said once, outside of all alternatives. One check, one
/// thread. Source: Kubernetes, structural schemas.
final class StructuralRules {
    private static final Set<String> LIMITED_TO = Set.of("name", "generateName");

    private final List<Problem> problems = new ArrayList<>();

    private StructuralRules() {}

    /// Where a node stands.
    private enum Level {
        ROOT("must not be empty at the root"),
        ITEM("must not be empty for specified array items"),
        FIELD("must not be empty for specified object fields");

        private final String untyped;

        Level(String untyped) {
            this.untyped = untyped;
        }
    }

    static List<Problem> check(JsonNode schema, String path) {
        var rules = new StructuralRules();
        rules.node(schema, Level.ROOT, path);
        rules.complete(schema, path);
        rules.problems.sort(Comparator.comparing(Problem::message));
        return rules.problems;
    }

    private static boolean is(JsonNode node, String extension) {
        return node.path("x-kubernetes-" + extension).asBoolean();
    }

    private void node(JsonNode node, Level level, String path) {
        var type = node.path("type").asText("");
        if (type.equals("array") && !node.path("items").isObject()) {
            problems.add(Problem.required(path + ".items", "must be specified"));
        }
        if (node.path("items").isObject()) {
            node(node.get("items"), Level.ITEM, path + ".items");
        }
        node.path("properties")
                .properties()
                .forEach(p -> node(p.getValue(), Level.FIELD, path + ".properties[" + p.getKey() + "]"));
        if (node.has("additionalProperties")) {
            if (level == Level.ROOT) {
                problems.add(Problem.forbidden(path + ".additionalProperties", "must not be used at the root"));
            }
            if (node.get("additionalProperties").isObject()) {
                node(node.get("additionalProperties"), Level.FIELD, path + ".additionalProperties");
            }
        }
        extensions(node, path);
        boolean eitherAny = isIntOrString(node.path("anyOf"));
        boolean eitherAll = isIntOrString(node.path("allOf").path(0).path("anyOf"));
        values(node, eitherAny, eitherAll, path);
        type(node, type, level, path);
        metadata(node, level, path);
    }

    private static boolean isIntOrString(JsonNode anyOf) {
        return anyOf.size() == 2
                && anyOf.get(0).size() == 1
                && anyOf.get(1).size() == 1
                && anyOf.get(0).path("type").asText().equals("integer")
                && anyOf.get(1).path("type").asText().equals("string");
    }

    private void extensions(JsonNode node, String path) {
        if (!is(node, "int-or-string")) {
            return;
        }
        for (var other : List.of("preserve-unknown-fields", "embedded-resource")) {
            if (is(node, other)) {
                problems.add(Problem.invalid(
                        path + ".x-kubernetes-" + other, true, "must be false if x-kubernetes-int-or-string is true"));
            }
        }
    }

    private void type(JsonNode node, String type, Level level, String path) {
        boolean embedded = is(node, "embedded-resource");
        if (embedded && !type.equals("object")) {
            var detail = "must be object if x-kubernetes-embedded-resource is true";
            problems.add(
                    type.isEmpty()
                            ? Problem.required(path + ".type", detail)
                            : Problem.invalid(path + ".type", type, detail));
        } else if (type.isEmpty() && !is(node, "int-or-string") && !is(node, "preserve-unknown-fields")) {
            problems.add(Problem.required(path + ".type", level.untyped));
        }
        if (embedded && node.has("additionalProperties")) {
            problems.add(Problem.forbidden(
                    path + ".additionalProperties", "must not be used if x-kubernetes-embedded-resource is set"));
        }
        if (level == Level.ROOT && !type.isEmpty() && !type.equals("object")) {
            problems.add(Problem.invalid(path + ".type", type, "must be object at the root"));
        }
        if (embedded
                && !is(node, "preserve-unknown-fields")
                && node.path("properties").isEmpty()) {
            problems.add(Problem.required(
                    path + ".properties",
                    "must not be empty if x-kubernetes-embedded-resource is true without"
                            + " x-kubernetes-preserve-unknown-fields"));
        }
    }

    private void metadata(JsonNode node, Level level, String path) {
        boolean resource = level == Level.ROOT || is(node, "embedded-resource");
        var properties = node.path("properties");
        if (resource) {
            for (var field : List.of("kind", "apiVersion")) {
                var type = properties.path(field).path("type").asText("");
                if (properties.has(field) && !type.equals("string")) {
                    problems.add(Problem.invalid(path + ".properties[" + field + "].type", type, "must be string"));
                }
            }
        }
        var metadata = properties.get("metadata");
        if (metadata == null) {
            return;
        }
        var at = path + ".properties[metadata]";
        if (resource && !metadata.path("type").asText("").equals("object")) {
            problems.add(Problem.invalid(at + ".type", metadata.path("type").asText(""), "must be object"));
        }
        if (level == Level.ROOT && !isPlainMetadata(metadata)) {
            problems.add(
                    Problem.forbidden(
                            at,
                            "must not specify anything other than name and generateName, but metadata is implicitly specified"));
        }
    }

    private static boolean isPlainMetadata(JsonNode metadata) {
        for (var field : metadata.properties()) {
            switch (field.getKey()) {
                case "type", "default" -> {}
                case "properties" -> {
                    for (var property : field.getValue().properties()) {
                        if (!LIMITED_TO.contains(property.getKey())) {
                            return false;
                        }
                    }
                }
                default -> {
                    return false;
                }
            }
        }
        return true;
    }

    private void values(JsonNode node, boolean skipAnyOf, boolean skipFirstAllOf, String path) {
        if (!skipAnyOf) {
            nested(node, "anyOf", false, path);
        }
        nested(node, "allOf", skipFirstAllOf, path);
        nested(node, "oneOf", false, path);
        if (node.path("not").isObject()) {
            nested(node.get("not"), false, path + ".not");
        }
        var pattern = node.path("pattern").asText("");
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException wrong) {
            problems.add(Problem.invalid(
                    path + ".pattern",
                    pattern,
                    "must be a valid regular expression, but isn't: error parsing regexp: " + wrong.getDescription()
                            + ": `" + wrong.getPattern() + "`"));
        }
    }

    private void nested(JsonNode node, String field, boolean firstIsIntOrString, String path) {
        int i = 0;
        for (var part : node.path(field)) {
            nested(part, firstIsIntOrString && i == 0, path + "." + field + "[" + i++ + "]");
        }
    }

    /// What stands in an alternative may judge values and not shape them.
    private void nested(JsonNode node, boolean skipAnyOf, String path) {
        values(node, skipAnyOf, false, path);
        if (node.path("items").isObject()) {
            nested(node.get("items"), false, path + ".items");
        }
        node.path("properties")
                .properties()
                .forEach(p -> nested(p.getValue(), false, path + ".properties[" + p.getKey() + "]"));
        forbid(node, "type", "must be empty to be structural", path);
        forbid(node, "additionalProperties", "must be undefined to be structural", path);
        forbid(node, "default", "must be undefined to be structural", path);
        forbid(node, "title", "must be empty to be structural", path);
        forbid(node, "description", "must be empty to be structural", path);
        forbid(node, "nullable", "must be false to be structural", path);
        forbid(node, "x-kubernetes-preserve-unknown-fields", "must be false to be structural", path);
        forbid(node, "x-kubernetes-embedded-resource", "must be false to be structural", path);
        forbid(node, "x-kubernetes-int-or-string", "must be false to be structural", path);
        forbid(node, "x-kubernetes-list-map-keys", "must be empty to be structural", path);
        forbid(node, "x-kubernetes-list-type", "must be undefined to be structural", path);
        forbid(node, "x-kubernetes-map-type", "must be undefined to be structural", path);
        forbid(node, "x-kubernetes-validations", "must be empty to be structural", path);
        if (node.path("properties").has("metadata")) {
            problems.add(
                    Problem.forbidden(path + ".properties[metadata]", "must not be specified in a nested context"));
        }
    }

    private void forbid(JsonNode node, String field, String detail, String path) {
        if (node.has(field)) {
            problems.add(Problem.forbidden(path + "." + field, detail));
        }
    }

    /// Every field that an alternative names must be described outside of it.
    private void complete(JsonNode node, String path) {
        for (var field : List.of("anyOf", "allOf", "oneOf")) {
            int i = 0;
            for (var part : node.path(field)) {
                covered(part, node, path + "." + field + "[" + i++ + "]", path);
            }
        }
        if (node.path("not").isObject()) {
            covered(node.get("not"), node, path + ".not", path);
        }
        if (node.path("items").isObject()) {
            complete(node.get("items"), path + ".items");
        }
        node.path("properties")
                .properties()
                .forEach(p -> complete(p.getValue(), path + ".properties[" + p.getKey() + "]"));
        if (node.path("additionalProperties").isObject()) {
            complete(node.get("additionalProperties"), path + ".additionalProperties");
        }
    }

    private void covered(JsonNode part, JsonNode structure, String path, String structurePath) {
        part.path("properties").properties().forEach(p -> {
            var known = structure.path("properties").get(p.getKey());
            var at = structurePath + ".properties[" + p.getKey() + "]";
            if (known == null) {
                problems.add(
                        Problem.required(at, "because it is defined in " + path + ".properties[" + p.getKey() + "]"));
            } else {
                covered(p.getValue(), known, path + ".properties[" + p.getKey() + "]", at);
            }
        });
        if (part.path("items").isObject()) {
            if (structure.path("items").isObject()) {
                covered(part.get("items"), structure.get("items"), path + ".items", structurePath + ".items");
            } else {
                problems.add(Problem.required(structurePath + ".items", "because it is defined in " + path + ".items"));
            }
        }
        for (var field : List.of("anyOf", "allOf", "oneOf")) {
            int i = 0;
            for (var inner : part.path(field)) {
                covered(inner, structure, path + "." + field + "[" + i++ + "]", structurePath);
            }
        }
        if (part.path("not").isObject()) {
            covered(part.get("not"), structure, path + ".not", structurePath);
        }
    }
}
