package dev.kapal.apiserver.admission.match;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.model.GroupVersionResource;
import java.util.ArrayList;
import java.util.List;

/// One of the `rules` of a webhook or of the `resourceRules` of a policy. Immutable.
///
/// @param names of single objects; empty for all
/// @param scope `*`, `Cluster` or `Namespaced`
record Rule(
        List<String> operations,
        List<String> groups,
        List<String> versions,
        List<String> resources,
        List<String> names,
        String scope) {

    static List<Rule> all(JsonNode rules) {
        var all = new ArrayList<Rule>();
        for (var rule : rules) {
            all.add(new Rule(
                    texts(rule.path("operations")),
                    texts(rule.path("apiGroups")),
                    texts(rule.path("apiVersions")),
                    texts(rule.path("resources")),
                    texts(rule.path("resourceNames")),
                    rule.path("scope").asText("*")));
        }
        return List.copyOf(all);
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.asText()));
        return List.copyOf(texts);
    }

    /// @param as the resource in the version that is asked about
    boolean matches(AdmissionRequest request, GroupVersionResource as) {
        return isOneOf(operations, request.operation().name())
                && isOneOf(groups, as.group())
                && isOneOf(versions, as.version())
                && resources.stream().anyMatch(resource -> matches(resource, as.resource(), request.subresource()))
                && (names.isEmpty() || names.contains(request.name()))
                && isInScope(request);
    }

    private static boolean isOneOf(List<String> allowed, String value) {
        return allowed.contains("*") || allowed.contains(value);
    }

    private static boolean matches(String pattern, String resource, String subresource) {
        int slash = pattern.indexOf('/');
        var wanted = slash < 0 ? pattern : pattern.substring(0, slash);
        var below = slash < 0 ? "" : pattern.substring(slash + 1);
        return (wanted.equals("*") || wanted.equals(resource)) && (below.equals("*") || below.equals(subresource));
    }

    /// A namespace is in no namespace.
    private boolean isInScope(AdmissionRequest request) {
        boolean namespaced = request.definition().namespaced();
        return switch (scope) {
            case "Cluster" -> !namespaced;
            case "Namespaced" -> namespaced;
            default -> true;
        };
    }
}
