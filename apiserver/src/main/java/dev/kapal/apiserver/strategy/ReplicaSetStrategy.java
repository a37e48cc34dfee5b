package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A selector that chooses the set's own pods for good.
final class ReplicaSetStrategy implements Strategy {
    private static final String TEMPLATE = "/spec/template";
    /// Source: Kubernetes feature gate DeploymentReplicaSetTerminatingReplicas.
    private static final DisabledFields TERMINATING = DisabledFields.of("status.terminatingReplicas");

    @Override
    public void onCreate(ObjectNode incoming) {
        AlphaFields.drop(incoming.at(TEMPLATE));
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        AlphaFields.drop(incoming.at(TEMPLATE), stored.at(TEMPLATE));
    }

    @Override
    public void check(ObjectNode set, Optional<ObjectNode> stored, Problems problems) {
        var spec = set.path("spec");
        problems.notNegative("spec.replicas", spec.path("replicas").asLong());
        problems.notNegative(
                "spec.minReadySeconds", spec.path("minReadySeconds").asLong());
        WorkloadRules.checkSelector(spec, "deployment", problems);
        WorkloadRules.checkTemplate(spec, "ReplicaSet", problems);
        stored.ifPresent(before -> WorkloadRules.checkSelectorKept(spec, before.path("spec"), problems));
    }

    @Override
    public void onStatusUpdate(ObjectNode incoming, ObjectNode stored) {
        TERMINATING.drop(incoming, stored);
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        WorkloadRules.checkReplicaCounts(candidate.path("status"), problems);
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

    @Override
    public List<String> warnings(ObjectNode set) {
        var warnings = new ArrayList<>(PodWarnings.ofOwnerName(set));
        warnings.addAll(ofTemplate(set));
        return warnings;
    }

    private static List<String> ofTemplate(ObjectNode set) {
        return PodWarnings.ofTemplate("spec.template", set.path("spec").path("template"));
    }

    @Override
    public List<String> warnings(ObjectNode set, ObjectNode stored) {
        return asksForSame(set, stored) ? List.of() : ofTemplate(set);
    }
}
