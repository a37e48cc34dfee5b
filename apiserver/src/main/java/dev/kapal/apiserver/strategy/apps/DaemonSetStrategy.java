package dev.kapal.apiserver.strategy.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AlphaFields;
import dev.kapal.apiserver.strategy.IntOrPercent;
import dev.kapal.apiserver.strategy.PodWarnings;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.apiserver.strategy.WorkloadRules;
import java.util.List;
import java.util.Optional;

/// A pod on each node; changes of its template are counted in an annotation from the days before revisions.
final class DaemonSetStrategy implements Strategy {
    private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

    @Override
    public void onCreate(ObjectNode set) {
        AlphaFields.drop(set.path("spec").path("template"));
        count(set, 1);
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        AlphaFields.drop(
                incoming.path("spec").path("template"), stored.path("spec").path("template"));
        long before = counted(stored);
        boolean changed = !incoming.path("spec")
                .path("template")
                .equals(stored.path("spec").path("template"));
        count(incoming, changed ? before + 1 : before);
    }

    private static long counted(ObjectNode set) {
        return set.path("metadata")
                .path("annotations")
                .path(TEMPLATE_GENERATION)
                .asLong(0);
    }

    private static void count(ObjectNode set, long generation) {
        ((ObjectNode) set.get("metadata"))
                .withObjectProperty("annotations")
                .put(TEMPLATE_GENERATION, Long.toString(generation));
    }

    @Override
    public void check(ObjectNode set, Optional<ObjectNode> stored, Problems problems) {
        var spec = set.path("spec");
        WorkloadRules.checkSelector(spec, "daemonset", problems);
        WorkloadRules.checkTemplate(spec, "DaemonSet", problems);
        problems.notNegative(
                "spec.minReadySeconds", spec.path("minReadySeconds").asLong());
        checkStrategy(spec.path("updateStrategy"), problems);
        problems.notNegative(
                "spec.revisionHistoryLimit", spec.path("revisionHistoryLimit").asLong());
        stored.ifPresent(before -> WorkloadRules.checkSelectorKept(spec, before.path("spec"), problems));
    }

    private static void checkStrategy(JsonNode strategy, Problems problems) {
        var path = "spec.updateStrategy";
        var type = strategy.path("type").asText("");
        switch (type) {
            case "OnDelete" -> {}
            case "RollingUpdate" -> {
                if (!strategy.has("rollingUpdate")) {
                    problems.required(path + ".rollingUpdate", "");
                } else {
                    checkRollingUpdate(path + ".rollingUpdate", strategy.get("rollingUpdate"), problems);
                }
            }
            default -> problems.notSupported(path + ".type", type, List.of("RollingUpdate", "OnDelete"));
        }
    }

    private static void checkRollingUpdate(String path, JsonNode update, Problems problems) {
        var unavailable = update.path("maxUnavailable");
        var surge = update.path("maxSurge");
        IntOrPercent.checkNotNegative(path + ".maxUnavailable", unavailable, problems);
        IntOrPercent.checkNotOverAll(path + ".maxUnavailable", unavailable, problems);
        IntOrPercent.checkNotNegative(path + ".maxSurge", surge, problems);
        IntOrPercent.checkNotOverAll(path + ".maxSurge", surge, problems);
        boolean surges = !IntOrPercent.isZero(surge);
        boolean drops = !IntOrPercent.isZero(unavailable);
        if (surges && drops) {
            problems.invalid(path + ".maxSurge", surge, "may not be set when maxUnavailable is non-zero");
        } else if (!surges && !drops) {
            problems.required(path + ".maxUnavailable", "cannot be 0 when maxSurge is 0");
        }
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        var status = candidate.path("status");
        for (var field : List.of(
                "currentNumberScheduled",
                "numberMisscheduled",
                "desiredNumberScheduled",
                "numberReady",
                "observedGeneration",
                "updatedNumberScheduled",
                "numberAvailable",
                "numberUnavailable")) {
            problems.notNegative("status." + field, status.path(field).asLong());
        }
        WorkloadRules.checkCollisions(status, stored.path("status"), problems);
    }

    @Override
    public List<String> warnings(ObjectNode set) {
        return PodWarnings.ofTemplate("spec.template", set.path("spec").path("template"));
    }

    @Override
    public List<String> warnings(ObjectNode set, ObjectNode stored) {
        return asksForSame(set, stored) ? List.of() : warnings(set);
    }
}
