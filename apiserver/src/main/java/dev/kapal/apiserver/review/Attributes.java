package dev.kapal.apiserver.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Reads the question out of an access review. Pure. Source: API reference, SubjectAccessReview.
final class Attributes {
    private Attributes() {}

    /// What is asked for.
    static RequestInfo request(JsonNode spec) {
        var path = spec.path("nonResourceAttributes");
        if (path.isObject()) {
            return new RequestInfo(
                    false, text(path, "path"), text(path, "verb"), "", "", "", "", "", "", "", List.of());
        }
        var resource = spec.path("resourceAttributes");
        String group = text(resource, "group");
        return new RequestInfo(
                true,
                "",
                text(resource, "verb"),
                group.isEmpty() ? "api" : "apis",
                group,
                text(resource, "version"),
                text(resource, "namespace"),
                text(resource, "resource"),
                text(resource, "subresource"),
                text(resource, "name"),
                List.of(),
                selector(resource.path("fieldSelector")),
                selector(resource.path("labelSelector")));
    }

    /// Who is asked about.
    static User user(JsonNode spec) {
        var groups = new ArrayList<String>();
        spec.path("groups").forEach(group -> groups.add(group.asText()));
        var extra = new LinkedHashMap<String, List<String>>();
        spec.path("extra").properties().forEach(entry -> {
            var values = new ArrayList<String>();
            entry.getValue().forEach(value -> values.add(value.asText()));
            extra.put(entry.getKey(), List.copyOf(values));
        });
        return new User(text(spec, "user"), text(spec, "uid"), groups, extra);
    }

    /// As a URL would have it; operators that a URL cannot say are left out, which only asks for more.
    private static String selector(JsonNode selector) {
        String raw = text(selector, "rawSelector");
        if (!raw.isEmpty()) {
            return raw;
        }
        var parts = new ArrayList<String>();
        for (var requirement : selector.path("requirements")) {
            var values = requirement.path("values");
            String operator = text(requirement, "operator");
            if (values.size() == 1 && (operator.equals("In") || operator.equals("NotIn"))) {
                parts.add(text(requirement, "key")
                        + (operator.equals("In") ? "=" : "!=")
                        + values.get(0).asText());
            }
        }
        return String.join(",", parts);
    }

    /// What is asked about a path, as upstream's messages show it.
    static ObjectNode path(JsonNode spec) {
        return GoStruct.of(spec.path("nonResourceAttributes"), "Path", "Verb");
    }

    /// What is wrong with the question.
    static void check(JsonNode spec, boolean asksAboutOthers, Problems problems) {
        boolean resource = spec.path("resourceAttributes").isObject();
        boolean path = spec.path("nonResourceAttributes").isObject();
        if (resource && path) {
            problems.invalid(
                    "spec.nonResourceAttributes",
                    path(spec),
                    "cannot be specified in combination with resourceAttributes");
        }
        if (!resource && !path) {
            problems.invalid(
                    "spec.resourceAttributes",
                    null,
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        if (asksAboutOthers
                && text(spec, "user").isEmpty()
                && spec.path("groups").isEmpty()) {
            problems.invalid("spec.user", "", "at least one of user or group must be specified");
        }
        for (var name : List.of("fieldSelector", "labelSelector")) {
            checkSelector(
                    "spec.resourceAttributes." + name,
                    spec.path("resourceAttributes").path(name),
                    problems);
        }
    }

    private static void checkSelector(String path, JsonNode selector, Problems problems) {
        if (!selector.isObject()) {
            return;
        }
        boolean raw = !text(selector, "rawSelector").isEmpty();
        boolean requirements = !selector.path("requirements").isEmpty();
        if (raw && requirements) {
            problems.invalid(
                    path + ".rawSelector",
                    text(selector, "rawSelector"),
                    "may not specified at the same time as requirements");
        }
        if (!raw && !requirements) {
            problems.required(
                    path + ".requirements", "when " + path + " is specified, requirements or rawSelector is required");
        }
        for (int i = 0; i < selector.path("requirements").size(); i++) {
            checkRequirement(
                    Problems.at(path + ".requirements", i),
                    selector.path("requirements").get(i),
                    path.endsWith("labelSelector"),
                    problems);
        }
    }

    /// Operators that are not known may come from newer clients, so they pass.
    private static void checkRequirement(String path, JsonNode requirement, boolean label, Problems problems) {
        String key = text(requirement, "key");
        if (!label && key.isEmpty()) {
            problems.required(path + ".key", "must be specified");
        }
        boolean hasValues = !requirement.path("values").isEmpty();
        switch (text(requirement, "operator")) {
            case "In", "NotIn" -> {
                if (!hasValues) {
                    problems.required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (hasValues) {
                    problems.forbidden(
                            path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            default -> {}
        }
        if (label) {
            problems.invalid(path + ".key", key, Names.qualifiedName(key));
        }
    }

    static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }
}
