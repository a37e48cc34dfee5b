package dev.kapal.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.ArrayList;
import java.util.List;

/// What some subject may do: verbs on resources, or on paths. Immutable. Source: API reference, PolicyRule.
///
/// @param resourceNames empty for all objects
public record PolicyRule(
        List<String> verbs,
        List<String> apiGroups,
        List<String> resources,
        List<String> resourceNames,
        List<String> nonResourceUrls) {
    public static final String ALL = "*";
    /// What `cluster-admin` may do.
    public static final List<PolicyRule> EVERYTHING = List.of(
            new PolicyRule(List.of(ALL), List.of(ALL), List.of(ALL), List.of(), List.of()),
            new PolicyRule(List.of(ALL), List.of(), List.of(), List.of(), List.of(ALL)));

    public PolicyRule {
        verbs = List.copyOf(verbs);
        apiGroups = List.copyOf(apiGroups);
        resources = List.copyOf(resources);
        resourceNames = List.copyOf(resourceNames);
        nonResourceUrls = List.copyOf(nonResourceUrls);
    }

    public static List<PolicyRule> listOf(JsonNode rules) {
        var list = new ArrayList<PolicyRule>(rules.size());
        rules.forEach(rule -> list.add(of(rule)));
        return List.copyOf(list);
    }

    public static PolicyRule of(JsonNode rule) {
        return new PolicyRule(
                texts(rule.path("verbs")),
                texts(rule.path("apiGroups")),
                texts(rule.path("resources")),
                texts(rule.path("resourceNames")),
                texts(rule.path("nonResourceURLs")));
    }

    /// As the API writes it: what is empty is left out.
    public ObjectNode document() {
        var document = Documents.object();
        put(document, "verbs", verbs);
        put(document, "apiGroups", apiGroups);
        put(document, "resources", resources);
        put(document, "resourceNames", resourceNames);
        put(document, "nonResourceURLs", nonResourceUrls);
        return document;
    }

    private static void put(ObjectNode document, String field, List<String> values) {
        if (!values.isEmpty()) {
            var array = document.putArray(field);
            values.forEach(array::add);
        }
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>(array.size());
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
