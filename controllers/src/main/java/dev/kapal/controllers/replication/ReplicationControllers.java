package dev.kapal.controllers.replication;

import dev.kapal.controllers.replicaset.Replicated;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.ReplicationControllerCondition;
import io.fabric8.kubernetes.api.model.ReplicationControllerConditionBuilder;
import io.fabric8.kubernetes.api.model.ReplicationControllerStatus;
import io.fabric8.kubernetes.api.model.ReplicationControllerStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;

/// ReplicationControllers as ReplicaSets whose selector knows labels only.
public final class ReplicationControllers implements Replicated<ReplicationController> {
    @Override
    public Class<ReplicationController> type() {
        return ReplicationController.class;
    }

    @Override
    public String component() {
        return "replication-controller";
    }

    @Override
    public ReplicaSet asSet(ReplicationController controller) {
        var spec = controller.getSpec();
        return new ReplicaSetBuilder()
                .withApiVersion(controller.getApiVersion())
                .withKind(controller.getKind())
                .withMetadata(controller.getMetadata())
                .withNewSpec()
                .withReplicas(spec.getReplicas())
                .withMinReadySeconds(spec.getMinReadySeconds())
                .withSelector(new LabelSelectorBuilder()
                        .withMatchLabels(spec.getSelector())
                        .build())
                .withTemplate(spec.getTemplate())
                .endSpec()
                .withStatus(controller.getStatus() == null ? null : asSetStatus(controller.getStatus()))
                .build();
    }

    @Override
    public ReplicationController withStatus(ReplicationController controller, ReplicaSetStatus status) {
        return new ReplicationControllerBuilder(controller)
                .withStatus(new ReplicationControllerStatusBuilder()
                        .withObservedGeneration(status.getObservedGeneration())
                        .withReplicas(status.getReplicas())
                        .withFullyLabeledReplicas(status.getFullyLabeledReplicas())
                        .withReadyReplicas(status.getReadyReplicas())
                        .withAvailableReplicas(status.getAvailableReplicas())
                        .withConditions(status.getConditions().stream()
                                .map(ReplicationControllers::ofSet)
                                .toList())
                        .build())
                .build();
    }

    private static ReplicaSetStatus asSetStatus(ReplicationControllerStatus status) {
        return new ReplicaSetStatusBuilder()
                .withObservedGeneration(status.getObservedGeneration())
                .withReplicas(status.getReplicas())
                .withFullyLabeledReplicas(status.getFullyLabeledReplicas())
                .withReadyReplicas(status.getReadyReplicas())
                .withAvailableReplicas(status.getAvailableReplicas())
                .withConditions(status.getConditions().stream()
                        .map(ReplicationControllers::asSetCondition)
                        .toList())
                .build();
    }

    private static ReplicaSetCondition asSetCondition(ReplicationControllerCondition condition) {
        return new ReplicaSetConditionBuilder()
                .withType(condition.getType())
                .withStatus(condition.getStatus())
                .withLastTransitionTime(condition.getLastTransitionTime())
                .withReason(condition.getReason())
                .withMessage(condition.getMessage())
                .build();
    }

    private static ReplicationControllerCondition ofSet(ReplicaSetCondition condition) {
        return new ReplicationControllerConditionBuilder()
                .withType(condition.getType())
                .withStatus(condition.getStatus())
                .withLastTransitionTime(condition.getLastTransitionTime())
                .withReason(condition.getReason())
                .withMessage(condition.getMessage())
                .build();
    }
}
