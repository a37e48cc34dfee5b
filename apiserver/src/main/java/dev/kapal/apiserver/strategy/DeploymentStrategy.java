package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A roll-out that can make progress, and a selector that chooses the deployment's own pods for good.
final class DeploymentStrategy implements Strategy {
    private static final List<String> TYPES = List.of("Recreate", "RollingUpdate");
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
    public void check(ObjectNode deployment, Optional<ObjectNode> stored, Problems problems) {
        var spec = deployment.path("spec");
        problems.notNegative("spec.replicas", spec.path("replicas").asLong());
        WorkloadRules.checkSelector(spec, "deployment", problems);
        WorkloadRules.checkTemplate(spec, "ReplicaSet", problems);
        checkStrategy(spec.path("strategy"), problems);
        problems.notNegative(
                "spec.minReadySeconds", spec.path("minReadySeconds").asLong());
        problems.notNegative(
                "spec.revisionHistoryLimit", spec.path("revisionHistoryLimit").asLong());
        if (spec.has("progressDeadlineSeconds")) {
            long deadline = spec.get("progressDeadlineSeconds").asLong();
            problems.notNegative("spec.progressDeadlineSeconds", deadline);
            if (deadline <= spec.path("minReadySeconds").asLong()) {
                problems.invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
            }
        }
        stored.ifPresent(before -> WorkloadRules.checkSelectorKept(spec, before.path("spec"), problems));
    }

    private static void checkStrategy(JsonNode strategy, Problems problems) {
        var type = strategy.path("type").asText("");
        problems.oneOf("spec.strategy.type", type, TYPES);
        if (type.equals("Recreate") && strategy.has("rollingUpdate")) {
            problems.forbidden(
                    "spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
        }
        if (type.equals("RollingUpdate")) {
            if (!strategy.has("rollingUpdate")) {
                problems.required("spec.strategy.rollingUpdate", "this should be defaulted and never be nil");
                return;
            }
            checkRollingUpdate("spec.strategy.rollingUpdate", strategy.get("rollingUpdate"), problems);
        }
    }

    private static void checkRollingUpdate(String path, JsonNode update, Problems problems) {
        var unavailable = update.path("maxUnavailable");
        var surge = update.path("maxSurge");
        IntOrPercent.checkNotNegative(path + ".maxUnavailable", unavailable, problems);
        IntOrPercent.checkNotNegative(path + ".maxSurge", surge, problems);
        if (IntOrPercent.isZero(unavailable) && IntOrPercent.isZero(surge)) {
            problems.invalid(path + ".maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0");
        }
        IntOrPercent.checkNotOverAll(path + ".maxUnavailable", unavailable, problems);
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        var status = candidate.path("status");
        for (var field : List.of(
                "observedGeneration",
                "replicas",
                "updatedReplicas",
                "readyReplicas",
                "availableReplicas",
                "unavailableReplicas")) {
            problems.notNegative("status." + field, status.path(field).asLong());
        }
        WorkloadRules.checkNotMore("updatedReplicas", "replicas", "status.replicas", status, problems);
        WorkloadRules.checkNotMore("readyReplicas", "replicas", "status.replicas", status, problems);
        WorkloadRules.checkNotMore("availableReplicas", "replicas", "status.replicas", status, problems);
        WorkloadRules.checkNotMore("availableReplicas", "readyReplicas", "readyReplicas", status, problems);
        WorkloadRules.checkCollisions(status, stored.path("status"), problems);
    }

    @Override
    public void onStatusUpdate(ObjectNode incoming, ObjectNode stored) {
        TERMINATING.drop(incoming, stored);
    }

    /// The status of a deployment is written without its labels: they belong to the user.
    @Override
    public Set<String> keptByStatus() {
        return Set.of("labels");
    }

    @Override
    public boolean asksForSame(ObjectNode one, ObjectNode other) {
        return one.path("spec").equals(other.path("spec"))
                && one.path("metadata")
                        .path("annotations")
                        .equals(other.path("metadata").path("annotations"));
    }

    @Override
    public List<String> warnings(ObjectNode deployment) {
        var warnings = new ArrayList<>(PodWarnings.ofOwnerName(deployment));
        warnings.addAll(ofTemplate(deployment));
        return warnings;
    }

    private static List<String> ofTemplate(ObjectNode deployment) {
        return PodWarnings.ofTemplate("spec.template", deployment.path("spec").path("template"));
    }

    @Override
    public List<String> warnings(ObjectNode deployment, ObjectNode stored) {
        return asksForSame(deployment, stored) ? List.of() : ofTemplate(deployment);
    }
}
