package dev.kapal.controllers.deployment;

import dev.kapal.controllers.workload.Times;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Computes the status of a Deployment: counts, and conditions with the reasons that `kubectl rollout status` reads.
/// Owned by one [Rollout]; the conditions gather in `status` as the plan is made.
final class DeploymentStatuses {
    private static final String PROGRESSING = "Progressing";
    private static final String AVAILABLE = "Available";
    private static final String FAILURE = "ReplicaFailure";
    private static final String DONE = "NewReplicaSetAvailable";
    private static final String TIMED_OUT = "ProgressDeadlineExceeded";

    private final Deployment deployment;
    private final boolean hasDeadline;
    private final Instant now;
    private DeploymentStatus status;

    DeploymentStatuses(Deployment deployment, Instant now) {
        this.deployment = deployment;
        this.hasDeadline = Facts.progressDeadline(deployment).isPresent();
        this.now = now;
        this.status = Facts.status(deployment);
    }

    /// Notes the pause, so that the time spent in it does not count as lack of progress.
    void pausedOrResumed() {
        var known = Facts.condition(status, PROGRESSING);
        if (!hasDeadline
                || known.filter(condition -> condition.getReason().equals(TIMED_OUT))
                        .isPresent()) {
            return;
        }
        boolean paused = known.filter(condition -> condition.getReason().equals("DeploymentPaused"))
                .isPresent();
        if (Facts.isPaused(deployment) && !paused) {
            set(condition(PROGRESSING, "Unknown", "DeploymentPaused", "Deployment is paused"));
        } else if (!Facts.isPaused(deployment) && paused) {
            set(condition(PROGRESSING, "Unknown", "DeploymentResumed", "Deployment is resumed"));
        }
    }

    void foundNewest(ReplicaSet newest) {
        if (hasDeadline && Facts.condition(status, PROGRESSING).isEmpty()) {
            String message = "Found new replica set \"" + newest.getMetadata().getName() + "\"";
            set(condition(PROGRESSING, "True", "FoundNewReplicaSet", message));
        }
    }

    void createdNewest(ReplicaSet newest) {
        if (hasDeadline) {
            String message = "Created new replica set \"" + newest.getMetadata().getName() + "\"";
            set(condition(PROGRESSING, "True", "NewReplicaSetCreated", message));
        }
    }

    /// The status after the set of the present template was refused.
    static DeploymentStatus creationFailed(Deployment deployment, ReplicaSet refused, String why, Instant now) {
        var statuses = new DeploymentStatuses(deployment, now);
        if (statuses.hasDeadline) {
            String message = "Failed to create new replica set \""
                    + refused.getMetadata().getName() + "\": " + why;
            statuses.set(statuses.condition(PROGRESSING, "False", "ReplicaSetCreateError", message));
        }
        return statuses.status;
    }

    /// Counts and availability.
    DeploymentStatus observed(Sets sets) {
        var all = sets.all();
        int total = all.stream().mapToInt(Facts::actual).sum();
        int available = all.stream().mapToInt(Facts::available).sum();
        boolean enough = available >= Facts.replicas(deployment) - sets.budget().unavailable();
        set(
                enough
                        ? condition(
                                AVAILABLE, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
                        : condition(
                                AVAILABLE,
                                "False",
                                "MinimumReplicasUnavailable",
                                "Deployment does not have minimum availability."));
        return new DeploymentStatusBuilder(status)
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(positive(total))
                .withUpdatedReplicas(positive(sets.newest().map(Facts::actual).orElse(0)))
                .withReadyReplicas(positive(all.stream().mapToInt(Facts::ready).sum()))
                .withAvailableReplicas(positive(available))
                .withUnavailableReplicas(positive(total - available))
                .build();
    }

    /// As [#observed], with the progress of the rollout and the failures of its sets.
    DeploymentStatus rolledOut(Sets sets) {
        var before = status;
        var counted = observed(sets);
        status = counted;
        if (!hasDeadline) {
            remove(PROGRESSING);
        } else if (!wasDone(before, counted)) {
            progress(before, counted, sets.newest());
        }
        var failure = failure(sets);
        failure.ifPresentOrElse(this::set, () -> remove(FAILURE));
        return status;
    }

    /// Judged by the status as it is stored, as `kubectl rollout status` does.
    boolean isComplete() {
        return isComplete(Facts.status(deployment));
    }

    /// How long until the progress deadline has passed, when it is running.
    Optional<Duration> untilDeadline(DeploymentStatus status, Instant now) {
        var progressing = Facts.condition(status, PROGRESSING);
        var deadline = Facts.progressDeadline(deployment);
        if (deadline.isEmpty()
                || progressing.isEmpty()
                || isComplete(status)
                || progressing.get().getReason().equals(TIMED_OUT)) {
            return Optional.empty();
        }
        // One second more: times are written in whole seconds.
        return lastUpdate(progressing.get())
                .map(since -> Duration.between(now, since.plusSeconds(deadline.getAsInt()))
                        .plusSeconds(1))
                .map(left -> left.isPositive() ? left : Duration.ofSeconds(1));
    }

    private static boolean wasDone(DeploymentStatus before, DeploymentStatus counted) {
        boolean done = Facts.condition(before, PROGRESSING)
                .filter(condition -> condition.getReason().equals(DONE))
                .isPresent();
        return done && Facts.number(counted.getReplicas()) == Facts.number(counted.getUpdatedReplicas());
    }

    private void progress(DeploymentStatus before, DeploymentStatus counted, Optional<ReplicaSet> newest) {
        String subject = newest.map(set -> "ReplicaSet \"" + set.getMetadata().getName() + "\"")
                .orElse("Deployment \"" + deployment.getMetadata().getName() + "\"");
        if (isComplete(counted)) {
            set(condition(PROGRESSING, "True", DONE, subject + " has successfully progressed."));
        } else if (hasProgressed(before, counted)) {
            var next = condition(PROGRESSING, "True", "ReplicaSetUpdated", subject + " is progressing.");
            // Each step moves lastUpdateTime, also when the reason stays the same: the deadline counts from it.
            Facts.condition(before, PROGRESSING)
                    .filter(known -> known.getStatus().equals("True"))
                    .ifPresent(known -> next.setLastTransitionTime(known.getLastTransitionTime()));
            remove(PROGRESSING);
            set(next);
        } else if (isTimedOut(counted)) {
            set(condition(PROGRESSING, "False", TIMED_OUT, subject + " has timed out progressing."));
        }
    }

    private boolean isComplete(DeploymentStatus status) {
        int replicas = Facts.replicas(deployment);
        long generation = Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L);
        return Facts.number(status.getUpdatedReplicas()) == replicas
                && Facts.number(status.getReplicas()) == replicas
                && Facts.number(status.getAvailableReplicas()) == replicas
                && Objects.requireNonNullElse(status.getObservedGeneration(), 0L) >= generation;
    }

    private static boolean hasProgressed(DeploymentStatus before, DeploymentStatus after) {
        return Facts.number(after.getUpdatedReplicas()) > Facts.number(before.getUpdatedReplicas())
                || old(after) < old(before)
                || Facts.number(after.getReadyReplicas()) > Facts.number(before.getReadyReplicas())
                || Facts.number(after.getAvailableReplicas()) > Facts.number(before.getAvailableReplicas());
    }

    private static int old(DeploymentStatus status) {
        return Facts.number(status.getReplicas()) - Facts.number(status.getUpdatedReplicas());
    }

    private boolean isTimedOut(DeploymentStatus status) {
        var known = Facts.condition(status, PROGRESSING);
        if (known.isEmpty() || known.get().getReason().equals(DONE)) {
            return false;
        }
        if (known.get().getReason().equals(TIMED_OUT)) {
            return true;
        }
        int seconds = Facts.progressDeadline(deployment).orElseThrow();
        return lastUpdate(known.get())
                .filter(since -> since.plusSeconds(seconds).isBefore(now))
                .isPresent();
    }

    private static Optional<Instant> lastUpdate(DeploymentCondition condition) {
        return Times.parse(condition.getLastUpdateTime());
    }

    private static Optional<DeploymentCondition> failure(Sets sets) {
        return sets.newest()
                .flatMap(DeploymentStatuses::failure)
                .or(() -> sets.all().stream()
                        .map(DeploymentStatuses::failure)
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    private static Optional<DeploymentCondition> failure(ReplicaSet set) {
        List<ReplicaSetCondition> conditions =
                Objects.requireNonNullElse(Facts.status(set).getConditions(), List.of());
        return conditions.stream()
                .filter(condition -> condition.getType().equals(FAILURE))
                .findFirst()
                .map(condition -> new DeploymentConditionBuilder()
                        .withType(FAILURE)
                        .withStatus(condition.getStatus())
                        .withReason(condition.getReason())
                        .withMessage(condition.getMessage())
                        .withLastTransitionTime(condition.getLastTransitionTime())
                        .withLastUpdateTime(condition.getLastTransitionTime())
                        .build());
    }

    private DeploymentCondition condition(String type, String value, String reason, String message) {
        return new DeploymentConditionBuilder()
                .withType(type)
                .withStatus(value)
                .withLastUpdateTime(Times.text(now))
                .withLastTransitionTime(Times.text(now))
                .withReason(reason)
                .withMessage(message)
                .build();
    }

    /// Only a new status or reason is news; the time of transition moves with the status alone.
    private void set(DeploymentCondition next) {
        var known = Facts.condition(status, next.getType());
        if (known.isPresent()
                && known.get().getStatus().equals(next.getStatus())
                && known.get().getReason().equals(next.getReason())) {
            return;
        }
        var written = known.filter(before -> before.getStatus().equals(next.getStatus()))
                .map(before -> new DeploymentConditionBuilder(next)
                        .withLastTransitionTime(before.getLastTransitionTime())
                        .build())
                .orElse(next);
        remove(next.getType());
        status = new DeploymentStatusBuilder(status).addToConditions(written).build();
    }

    private void remove(String type) {
        status = new DeploymentStatusBuilder(status)
                .withConditions(Facts.conditions(status).stream()
                        .filter(condition -> !condition.getType().equals(type))
                        .toList())
                .build();
    }

    private static Integer positive(int count) {
        return count > 0 ? count : null;
    }
}
