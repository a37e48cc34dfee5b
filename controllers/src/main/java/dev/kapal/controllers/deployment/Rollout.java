package dev.kapal.controllers.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Decides the next step of one Deployment. Pure: made for one plan and thrown away.
///
/// Source: Deployment documentation; apps/v1 API reference, Deployment.
final class Rollout {
    private final Deployment deployment;
    private final Sets sets;
    private final Budget budget;
    private final int replicas;
    private final Set<String> running;
    private final DeploymentStatuses statuses;
    private final Instant now;

    private Rollout(Deployment deployment, List<ReplicaSet> owned, Set<String> running, Instant now) {
        this.deployment = deployment;
        this.sets = new Sets(deployment, owned);
        this.budget = sets.budget();
        this.replicas = Facts.replicas(deployment);
        this.running = running;
        this.statuses = new DeploymentStatuses(deployment, now);
        this.now = now;
    }

    /// @param owned the Deployment's sets
    /// @param running the uids of sets with a pod that has not ended
    static DeploymentPlan plan(Deployment deployment, List<ReplicaSet> owned, Set<String> running, Instant now) {
        return new Rollout(deployment, owned, running, now).plan();
    }

    private DeploymentPlan plan() {
        if (deployment.getMetadata().getDeletionTimestamp() != null) {
            return planned(false, List.of(), Optional.empty());
        }
        statuses.pausedOrResumed();
        if (Facts.isPaused(deployment) || isResized()) {
            return rescale();
        }
        return Facts.isRolling(deployment) ? roll() : recreate();
    }

    /// The wanted number changed since a set was last sized for it: keep the proportions and finish nothing else.
    private boolean isResized() {
        return Facts.active(sets.all()).stream().anyMatch(set -> {
            var desired = Revisions.desired(set);
            return desired.isPresent() && desired.getAsLong() != replicas;
        });
    }

    private DeploymentPlan rescale() {
        var revision = sets.newest().map(set -> refreshNewest());
        Proportions.scale(deployment, sets);
        var delete = Facts.isPaused(deployment) ? expired() : List.<ReplicaSet>of();
        return planned(false, delete, revision);
    }

    private DeploymentPlan roll() {
        String revision = ensureNewest();
        boolean moved = growNewest() || shrinkOld();
        var delete = !moved && statuses.isComplete() ? expired() : List.<ReplicaSet>of();
        return planned(true, delete, Optional.ofNullable(revision));
    }

    private DeploymentPlan recreate() {
        var revision = sets.newest().map(set -> refreshNewest());
        boolean shrunk = false;
        for (ReplicaSet set : Facts.active(sets.old())) {
            shrunk |= sets.resize(set, 0);
        }
        if (shrunk || oldPodsRun()) {
            return planned(true, List.of(), revision);
        }
        String current = ensureNewest();
        sets.resize(sets.newest().orElseThrow(), replicas);
        var delete = statuses.isComplete() ? expired() : List.<ReplicaSet>of();
        return planned(true, delete, Optional.ofNullable(current));
    }

    private boolean oldPodsRun() {
        return sets.old().stream()
                .anyMatch(set -> Facts.actual(set) > 0
                        || running.contains(set.getMetadata().getUid()));
    }

    private String refreshNewest() {
        String revision = sets.refreshNewest();
        statuses.foundNewest(sets.newest().orElseThrow());
        return revision;
    }

    /// The revision of the newest set, which is made when there is none.
    private String ensureNewest() {
        if (sets.newest().isPresent()) {
            return refreshNewest();
        }
        sets.create();
        var newest = sets.newest().orElseThrow();
        sets.resize(newest, roomFor(newest));
        statuses.createdNewest(newest);
        return newest.getMetadata().getAnnotations().get(Revisions.REVISION);
    }

    private boolean growNewest() {
        var newest = sets.newest().orElseThrow();
        int size = Facts.replicas(newest);
        if (sets.created().isPresent() || size == replicas) {
            return false;
        }
        return sets.resize(newest, size > replicas ? replicas : roomFor(newest));
    }

    /// The size that the newest set may have while all sets together stay within the surge.
    private int roomFor(ReplicaSet newest) {
        if (!Facts.isRolling(deployment)) {
            return replicas;
        }
        int size = Facts.replicas(newest);
        int room = replicas + budget.surge() - Facts.sum(sets.all());
        return room <= 0 ? size : size + Math.min(room, replicas - size);
    }

    private boolean shrinkOld() {
        var newest = sets.newest().orElseThrow();
        int all = Facts.sum(sets.all());
        int unavailable = Facts.replicas(newest) - Facts.available(newest);
        int spare = all - (replicas - budget.unavailable()) - unavailable;
        if (Facts.sum(sets.old()) == 0 || spare <= 0) {
            return false;
        }
        // Sick pods serve nobody: they go first, whatever the budget of healthy ones.
        int dropped = dropSick(spare);
        return dropped + dropHealthy() > 0;
    }

    private int dropSick(int limit) {
        int dropped = 0;
        for (ReplicaSet set : Facts.active(sets.old())) {
            int sick = Facts.replicas(set) - Facts.available(set);
            int drop = Math.min(limit - dropped, sick);
            if (drop > 0) {
                sets.resize(set, Facts.replicas(set) - drop);
                dropped += drop;
            }
        }
        return dropped;
    }

    private int dropHealthy() {
        int available = sets.all().stream().mapToInt(Facts::available).sum();
        int surplus = available - (replicas - budget.unavailable());
        int dropped = 0;
        for (ReplicaSet set : Facts.active(sets.old())) {
            int drop = Math.min(Facts.replicas(set), surplus - dropped);
            if (drop > 0) {
                sets.resize(set, Facts.replicas(set) - drop);
                dropped += drop;
            }
        }
        return dropped;
    }

    /// Empty old sets beyond the revision history, the lowest revisions first.
    private List<ReplicaSet> expired() {
        Integer limit = deployment.getSpec().getRevisionHistoryLimit();
        if (limit == null || limit == Integer.MAX_VALUE) {
            return List.of();
        }
        var kept = sets.old().stream()
                .filter(set -> set.getMetadata().getDeletionTimestamp() == null)
                .sorted(Comparator.comparingLong(set -> Revisions.revision(set).orElse(0)))
                .toList();
        return kept.stream()
                .limit(Math.max(0, kept.size() - limit))
                .filter(set -> Facts.actual(set) == 0 && Facts.replicas(set) == 0 && isObserved(set))
                .toList();
    }

    private static boolean isObserved(ReplicaSet set) {
        long generation = Objects.requireNonNullElse(set.getMetadata().getGeneration(), 0L);
        long observed = Objects.requireNonNullElse(Facts.status(set).getObservedGeneration(), 0L);
        return generation <= observed;
    }

    private DeploymentPlan planned(boolean rolling, List<ReplicaSet> delete, Optional<String> revision) {
        var status = rolling ? statuses.rolledOut(sets) : statuses.observed(sets);
        var changed =
                status.equals(Facts.status(deployment)) ? Optional.<DeploymentStatus>empty() : Optional.of(status);
        var known = Revisions.revision(deployment);
        return new DeploymentPlan(
                sets.created(),
                sets.updates(),
                delete,
                revision.filter(wanted -> !wanted.equals(known.isPresent() ? Long.toString(known.getAsLong()) : "")),
                changed,
                statuses.untilDeadline(status, now));
    }
}
