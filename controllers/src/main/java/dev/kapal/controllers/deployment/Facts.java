package dev.kapal.controllers.deployment;

import dev.kapal.controllers.workload.Times;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/// What the rollout asks about Deployments and ReplicaSets, absent fields read as their defaults.
final class Facts {
    static final Comparator<ReplicaSet> OLDEST_FIRST = Comparator.comparing((ReplicaSet set) ->
                    Times.parse(set.getMetadata().getCreationTimestamp()).orElse(Instant.MAX))
            .thenComparing(set -> set.getMetadata().getName());

    private Facts() {}

    static int replicas(Deployment deployment) {
        return Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
    }

    static int replicas(ReplicaSet set) {
        return Objects.requireNonNullElse(set.getSpec().getReplicas(), 1);
    }

    static int sum(Collection<ReplicaSet> sets) {
        return sets.stream().mapToInt(Facts::replicas).sum();
    }

    /// How many pods the set was seen to have.
    static int actual(ReplicaSet set) {
        return number(status(set).getReplicas());
    }

    static int ready(ReplicaSet set) {
        return number(status(set).getReadyReplicas());
    }

    static int available(ReplicaSet set) {
        return number(status(set).getAvailableReplicas());
    }

    static ReplicaSetStatus status(ReplicaSet set) {
        return Objects.requireNonNullElseGet(set.getStatus(), ReplicaSetStatus::new);
    }

    static DeploymentStatus status(Deployment deployment) {
        return Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
    }

    static int number(Integer count) {
        return Objects.requireNonNullElse(count, 0);
    }

    static List<ReplicaSet> active(Collection<ReplicaSet> sets) {
        return sets.stream().filter(set -> replicas(set) > 0).toList();
    }

    static boolean isRolling(Deployment deployment) {
        return deployment.getSpec().getStrategy() == null
                || !"Recreate".equals(deployment.getSpec().getStrategy().getType());
    }

    static boolean isPaused(Deployment deployment) {
        return Boolean.TRUE.equals(deployment.getSpec().getPaused());
    }

    static int minReadySeconds(Deployment deployment) {
        return number(deployment.getSpec().getMinReadySeconds());
    }

    /// The largest number means: none.
    static OptionalInt progressDeadline(Deployment deployment) {
        Integer seconds = deployment.getSpec().getProgressDeadlineSeconds();
        return seconds == null || seconds == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(seconds);
    }

    static List<DeploymentCondition> conditions(DeploymentStatus status) {
        return Objects.requireNonNullElse(status.getConditions(), List.of());
    }

    static Optional<DeploymentCondition> condition(DeploymentStatus status, String type) {
        return conditions(status).stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }
}
