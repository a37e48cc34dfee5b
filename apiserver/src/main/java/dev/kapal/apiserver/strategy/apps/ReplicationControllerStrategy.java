package dev.kapal.apiserver.strategy.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AlphaFields;
import dev.kapal.apiserver.strategy.PodRules;
import dev.kapal.apiserver.strategy.PodWarnings;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.apiserver.strategy.WorkloadRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The oldest of the workloads: its selector is a plain map and may change, and deleting it leaves its pods alone.
final class ReplicationControllerStrategy implements Strategy {
    private static final String TEMPLATE = "spec.template";

    @Override
    public void onCreate(ObjectNode incoming) {
        AlphaFields.drop(incoming.path("spec").path("template"));
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        AlphaFields.drop(
                incoming.path("spec").path("template"), stored.path("spec").path("template"));
    }

    @Override
    public void check(ObjectNode controller, Optional<ObjectNode> stored, Problems problems) {
        var spec = controller.path("spec");
        problems.notNegative(
                "spec.minReadySeconds", spec.path("minReadySeconds").asLong());
        var selector = spec.path("selector");
        if (selector.isEmpty()) {
            problems.required("spec.selector", "");
        }
        problems.notNegative("spec.replicas", spec.path("replicas").asLong());
        if (spec.path("template").isMissingNode()) {
            problems.required(TEMPLATE, "");
        } else {
            checkTemplate(spec.get("template"), selector, problems);
        }
    }

    private static void checkTemplate(JsonNode template, JsonNode selector, Problems problems) {
        var labels = template.path("metadata").path("labels");
        boolean chosen = selector.properties().stream()
                .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())));
        if (!chosen) {
            problems.invalid(TEMPLATE + ".metadata.labels", labels, "`selector` does not match template `labels`");
        }
        PodRules.checkTemplate(TEMPLATE, template, problems);
        WorkloadRules.checkEndless(TEMPLATE, template.path("spec"), "ReplicationController", problems);
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        WorkloadRules.checkReplicaCounts(candidate.path("status"), problems);
    }

    @Override
    public List<String> warnings(ObjectNode controller) {
        var warnings = new ArrayList<>(PodWarnings.ofOwnerName(controller));
        warnings.addAll(ofTemplate(controller));
        return warnings;
    }

    private static List<String> ofTemplate(ObjectNode controller) {
        return PodWarnings.ofTemplate(TEMPLATE, controller.path("spec").path("template"));
    }

    @Override
    public List<String> warnings(ObjectNode controller, ObjectNode stored) {
        return asksForSame(controller, stored) ? List.of() : ofTemplate(controller);
    }

    @Override
    public boolean orphansByDefault() {
        return true;
    }

    @Override
    public Set<String> selectable() {
        return Set.of("status.replicas");
    }

    @Override
    public Map<String, String> fields(ObjectNode controller) {
        return Map.of(
                "status.replicas",
                Integer.toString(controller.path("status").path("replicas").asInt(0)));
    }
}
