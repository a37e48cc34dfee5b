package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;

/// Keys by which a selector takes over what the pod itself is labelled with. They are made part of the selector when
/// the pod is created, so that whoever schedules it sees a plain selector. Source: Kubernetes enhancements 3243 and
/// 3633.
final class LabelKeys {
    private static final String MATCH = "matchLabelKeys";
    private static final String MISMATCH = "mismatchLabelKeys";

    private LabelKeys() {}

    static void merge(ObjectNode pod) {
        var labels = pod.path("metadata").path("labels");
        var spec = pod.path("spec");
        spec.path("topologySpreadConstraints").forEach(constraint -> merge(constraint, MATCH, "In", labels));
        for (var kind : List.of("podAffinity", "podAntiAffinity")) {
            var affinity = spec.path("affinity").path(kind);
            affinity.path(AffinityRules.PREFERRED).forEach(p -> mergeTerm(p.path("podAffinityTerm"), labels));
            affinity.path(AffinityRules.REQUIRED).forEach(term -> mergeTerm(term, labels));
        }
    }

    private static void mergeTerm(JsonNode term, JsonNode labels) {
        merge(term, MATCH, "In", labels);
        merge(term, MISMATCH, "NotIn", labels);
    }

    private static void merge(JsonNode holder, String field, String operator, JsonNode labels) {
        if (!(holder.get("labelSelector") instanceof ObjectNode selector)) {
            return;
        }
        for (var key : holder.path(field)) {
            if (labels.has(key.asText())) {
                var expression = selector.withArray("matchExpressions").addObject();
                expression.put("key", key.asText()).put("operator", operator);
                expression.putArray("values").add(labels.get(key.asText()));
            }
        }
    }

    /// @param path of the term or constraint
    static void check(String path, JsonNode holder, Problems problems) {
        boolean selects = holder.has("labelSelector");
        for (var field : List.of(MATCH, MISMATCH)) {
            var keys = holder.path(field);
            if (!keys.isEmpty() && !selects) {
                problems.forbidden(path + "." + field, "must not be specified when labelSelector is not set");
                continue;
            }
            for (int i = 0; i < keys.size(); i++) {
                var key = keys.get(i).asText();
                problems.invalid(Problems.at(path + "." + field, i), key, Names.qualifiedName(key));
            }
        }
    }

    /// A key that the selector has already, beside what was made of it.
    ///
    /// @param path to which the index of the key is added
    static void checkRepeated(String path, JsonNode holder, Problems problems) {
        var keys = holder.path(MATCH);
        var selector = holder.path("labelSelector");
        for (int i = 0; i < keys.size(); i++) {
            var key = keys.get(i).asText();
            int times = selector.path("matchLabels").has(key) ? 1 : 0;
            for (var expression : selector.path("matchExpressions")) {
                if (expression.path("key").asText("").equals(key)) {
                    times++;
                }
            }
            if (times > 1) {
                problems.invalid(Problems.at(path, i), key, "exists in both matchLabelKeys and labelSelector");
            }
        }
    }

    static void checkDisjoint(String path, JsonNode term, Problems problems) {
        var other = new HashSet<String>();
        term.path(MISMATCH).forEach(key -> other.add(key.asText()));
        for (int i = 0; i < term.path(MATCH).size(); i++) {
            var key = term.path(MATCH).get(i).asText();
            if (other.contains(key)) {
                problems.invalid(
                        Problems.at(path + "." + MATCH, i), key, "exists in both matchLabelKeys and mismatchLabelKeys");
            }
        }
    }
}
