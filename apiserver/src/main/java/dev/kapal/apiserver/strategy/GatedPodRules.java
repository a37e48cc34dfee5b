package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;

/// What may change of a pod that is held back from scheduling: gates go, and where it may run becomes narrower. Source:
/// Kubernetes documentation, pod scheduling readiness.
public final class GatedPodRules {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

    private GatedPodRules() {}

    static void check(JsonNode spec, JsonNode before, Problems problems) {
        checkGates(spec.path("schedulingGates"), before.path("schedulingGates"), problems);
        if (before.path("schedulingGates").isEmpty()) {
            return;
        }
        checkSelector(spec.path("nodeSelector"), before.path("nodeSelector"), problems);
        checkAffinity(required(spec), required(before), problems);
    }

    private static void checkGates(JsonNode gates, JsonNode before, Problems problems) {
        var known = new HashSet<String>();
        before.forEach(gate -> known.add(gate.path("name").asText("")));
        for (int i = 0; i < gates.size(); i++) {
            var name = gates.get(i).path("name").asText("");
            if (!known.contains(name)) {
                problems.forbidden(
                        Problems.at("spec.schedulingGates", i) + ".name",
                        "only deletion is allowed, but found new scheduling gate '" + name + "'");
            }
        }
    }

    private static void checkSelector(JsonNode selector, JsonNode before, Problems problems) {
        boolean kept =
                before.properties().stream().allMatch(label -> label.getValue().equals(selector.get(label.getKey())));
        if (!kept) {
            problems.invalid(
                    "spec.nodeSelector",
                    selector,
                    "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
        }
    }

    private static JsonNode required(JsonNode spec) {
        return spec.path("affinity").path("nodeAffinity").path(REQUIRED).path("nodeSelectorTerms");
    }

    /// Terms are alternatives: each may ask for more, none may come or go.
    private static void checkAffinity(JsonNode terms, JsonNode before, Problems problems) {
        if (before.isEmpty()) {
            return;
        }
        var path = "spec.affinity.nodeAffinity." + REQUIRED + ".nodeSelectorTerms";
        if (terms.size() != before.size()) {
            problems.invalid(path, terms, "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
            return;
        }
        for (int i = 0; i < terms.size(); i++) {
            for (var list : List.of("matchExpressions", "matchFields")) {
                if (!begins(terms.get(i).path(list), before.get(i).path(list))) {
                    problems.invalid(
                            Problems.at(path, i),
                            terms.get(i),
                            "only additions are allowed (no mutations or deletions)");
                    break;
                }
            }
        }
    }

    private static boolean begins(JsonNode items, JsonNode first) {
        if (items.size() < first.size()) {
            return false;
        }
        for (int i = 0; i < first.size(); i++) {
            if (!items.get(i).equals(first.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// Makes of the affinity of `spec` what the other has, in all that may change.
    public static void levelNodeAffinity(ObjectNode spec, ObjectNode before) {
        var affinity = spec.path("affinity") instanceof ObjectNode present ? present : spec.objectNode();
        var old = before.path("affinity") instanceof ObjectNode known ? known : spec.objectNode();
        Copies.field("nodeAffinity", old, affinity);
        if (affinity.isEmpty() && !before.has("affinity")) {
            spec.remove("affinity");
        } else {
            spec.set("affinity", affinity);
        }
    }
}
