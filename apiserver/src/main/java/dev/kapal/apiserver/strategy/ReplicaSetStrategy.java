package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A selector that chooses the set's own pods for good.
final class ReplicaSetStrategy implements Strategy {
    @Override
    public void check(ObjectNode set, Optional<ObjectNode> stored, Problems problems) {
        var spec = set.path("spec");
        problems.notNegative("spec.replicas", spec.path("replicas").asLong());
        problems.notNegative(
                "spec.minReadySeconds", spec.path("minReadySeconds").asLong());
        WorkloadRules.checkSelector(spec, problems);
        WorkloadRules.checkTemplate(spec, problems);
        stored.ifPresent(before -> WorkloadRules.checkSelectorKept(spec, before.path("spec"), problems));
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        var status = candidate.path("status");
        for (var field : List.of(
                "replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration")) {
            problems.notNegative("status." + field, status.path(field).asLong());
        }
        WorkloadRules.checkNotMore("fullyLabeledReplicas", "replicas", "status.replicas", status, problems);
        WorkloadRules.checkNotMore("readyReplicas", "replicas", "status.replicas", status, problems);
        WorkloadRules.checkNotMore("availableReplicas", "replicas", "status.replicas", status, problems);
        WorkloadRules.checkNotMore("availableReplicas", "readyReplicas", "readyReplicas", status, problems);
    }

    @Override
    public Set<String> selectable() {
        return Set.of("status.replicas");
    }

    @Override
    public Map<String, String> fields(ObjectNode set) {
        return Map.of(
                "status.replicas",
                Integer.toString(set.path("status").path("replicas").asInt(0)));
    }
}
