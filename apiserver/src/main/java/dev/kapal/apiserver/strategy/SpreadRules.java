package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// How pods are spread over domains. Source: core/v1 API reference, TopologySpreadConstraint.
final class SpreadRules {
    private static final List<String> UNSATISFIABLE = List.of("DoNotSchedule", "ScheduleAnyway");
    private static final List<String> INCLUSION = List.of("Honor", "Ignore");

    private SpreadRules() {}

    static void check(String path, JsonNode constraints, Problems problems) {
        for (int i = 0; i < constraints.size(); i++) {
            var at = Problems.at(path, i);
            var constraint = constraints.get(i);
            positive(at + ".maxSkew", constraint.path("maxSkew").asLong(0), problems);
            var key = constraint.path("topologyKey").asText("");
            if (key.isEmpty()) {
                problems.required(at + ".topologyKey", "can not be empty");
            }
            var when = constraint.path("whenUnsatisfiable").asText("");
            if (!UNSATISFIABLE.contains(when)) {
                problems.notSupported(at + ".whenUnsatisfiable", when, UNSATISFIABLE);
            }
            var pair = "{" + key + ", " + when + "}";
            if (isRepeated(constraints, i)) {
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
            LabelKeys.check(at, constraint, problems);
            LabelKeys.checkRepeated(at + ".matchLabelKeys", constraint, problems);
            WorkloadRules.checkSelectorFields(at + ".labelSelector", constraint.path("labelSelector"), problems);
        }
    }

    /// Whether one that follows spreads in the same way.
    private static boolean isRepeated(JsonNode constraints, int index) {
        var one = constraints.get(index);
        for (int i = index + 1; i < constraints.size(); i++) {
            var other = constraints.get(i);
            if (one.path("topologyKey").equals(other.path("topologyKey"))
                    && one.path("whenUnsatisfiable").equals(other.path("whenUnsatisfiable"))) {
                return true;
            }
        }
        return false;
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
}
