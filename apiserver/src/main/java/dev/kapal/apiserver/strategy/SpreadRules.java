package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;

/// How pods are spread over domains. Source: core/v1 API reference, TopologySpreadConstraint.
final class SpreadRules {
    private static final List<String> UNSATISFIABLE = List.of("DoNotSchedule", "ScheduleAnyway");
    private static final List<String> INCLUSION = List.of("Honor", "Ignore");

    private SpreadRules() {}

    static void check(String path, JsonNode constraints, Problems problems) {
        var pairs = new HashSet<String>();
        for (int i = 0; i < constraints.size(); i++) {
            var at = Problems.at(path, i);
            var constraint = constraints.get(i);
            positive(at + ".maxSkew", constraint.path("maxSkew").asLong(0), problems);
            var key = constraint.path("topologyKey").asText("");
            if (key.isEmpty()) {
                problems.required(at + ".topologyKey", "can not be empty");
            } else {
                problems.invalid(at + ".topologyKey", key, Names.qualifiedName(key));
            }
            var when = constraint.path("whenUnsatisfiable").asText("");
            if (when.isEmpty()) {
                problems.required(at + ".whenUnsatisfiable", "can not be empty");
            } else if (!UNSATISFIABLE.contains(when)) {
                problems.notSupported(at + ".whenUnsatisfiable", when, UNSATISFIABLE);
            }
            var pair = "{" + key + ", " + when + "}";
            if (!pairs.add(pair)) {
                problems.duplicate(at + ".{topologyKey, whenUnsatisfiable}", pair);
            }
            checkDomains(at + ".minDomains", constraint, when, problems);
            for (var policy : List.of("nodeAffinityPolicy", "nodeTaintsPolicy")) {
                if (constraint.has(policy)
                        && !INCLUSION.contains(constraint.get(policy).asText())) {
                    problems.notSupported(
                            at + "." + policy, constraint.get(policy).asText(), INCLUSION);
                }
            }
            checkKeys(at, constraint, problems);
            WorkloadRules.checkSelectorFields(at + ".labelSelector", constraint.path("labelSelector"), problems);
        }
    }

    private static void positive(String path, long value, Problems problems) {
        if (value <= 0) {
            problems.invalid(path, value, "must be greater than zero");
        }
    }

    private static void checkDomains(String path, JsonNode constraint, String when, Problems problems) {
        if (!constraint.has("minDomains")) {
            return;
        }
        long domains = constraint.get("minDomains").asLong();
        positive(path, domains, problems);
        if (!when.equals("DoNotSchedule")) {
            problems.invalid(path, domains, "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + when);
        }
    }

    private static void checkKeys(String path, JsonNode constraint, Problems problems) {
        var keys = constraint.path("matchLabelKeys");
        if (keys.isEmpty()) {
            return;
        }
        if (!constraint.has("labelSelector")) {
            problems.forbidden(path + ".matchLabelKeys", "must not be specified when labelSelector is not set");
        }
        var chosen = new HashSet<String>();
        constraint.path("labelSelector").path("matchLabels").fieldNames().forEachRemaining(chosen::add);
        constraint
                .path("labelSelector")
                .path("matchExpressions")
                .forEach(e -> chosen.add(e.path("key").asText("")));
        for (int i = 0; i < keys.size(); i++) {
            var key = keys.get(i).asText();
            var at = Problems.at(path + ".matchLabelKeys", i);
            problems.invalid(at, key, Names.qualifiedName(key));
            if (chosen.contains(key)) {
                problems.invalid(at, key, "exists in both matchLabelKeys and labelSelector");
            }
        }
    }
}
