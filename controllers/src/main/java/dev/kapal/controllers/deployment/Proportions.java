package dev.kapal.controllers.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sizes the sets of a Deployment that is scaled in the middle of a rollout (or while paused): each keeps its share, so
/// that neither version suddenly has all the risk.
///
/// Source: Deployment documentation, "Proportional scaling".
final class Proportions {
    private static final Comparator<ReplicaSet> BIGGEST =
            Comparator.comparing((ReplicaSet set) -> Facts.replicas(set)).reversed();

    private Proportions() {}

    static void scale(Deployment deployment, Sets sets) {
        int replicas = Facts.replicas(deployment);
        var only = activeOrLatest(sets);
        if (only.isPresent()) {
            sets.resize(only.get(), replicas);
            return;
        }
        if (sets.newest().filter(newest -> isSaturated(newest, replicas)).isPresent()) {
            Facts.active(sets.old()).forEach(set -> sets.resize(set, 0));
            return;
        }
        if (Facts.isRolling(deployment)) {
            share(deployment, sets);
        }
    }

    /// The only set with pods; without any, the newest one. Empty when several have pods.
    private static Optional<ReplicaSet> activeOrLatest(Sets sets) {
        var active = Facts.active(sets.all());
        if (active.size() > 1) {
            return Optional.empty();
        }
        if (active.size() == 1) {
            return Optional.of(active.getFirst());
        }
        return sets.newest().or(() -> sets.old().reversed().stream().findFirst());
    }

    private static boolean isSaturated(ReplicaSet newest, int replicas) {
        var desired = Revisions.desired(newest);
        return Facts.replicas(newest) == replicas
                && desired.isPresent()
                && desired.getAsLong() == replicas
                && Facts.available(newest) == replicas;
    }

    private static void share(Deployment deployment, Sets sets) {
        int replicas = Facts.replicas(deployment);
        int allowed = replicas > 0 ? replicas + sets.budget().surge() : 0;
        var active = Facts.active(sets.all());
        int toAdd = allowed - Facts.sum(active);
        var order =
                BIGGEST.thenComparing(toAdd > 0 ? Collections.reverseOrder(Facts.OLDEST_FIRST) : Facts.OLDEST_FIRST);
        List<ReplicaSet> sorted = active.stream().sorted(order).toList();
        Map<ReplicaSet, Integer> sizes = new LinkedHashMap<>();
        int added = 0;
        for (ReplicaSet set : sorted) {
            int share = limited(fraction(set, deployment, allowed), toAdd - added, toAdd);
            sizes.put(set, Facts.replicas(set) + share);
            added += share;
        }
        if (toAdd != added && !sorted.isEmpty()) {
            // What rounding left over goes to the biggest.
            int leftover = toAdd - added;
            sizes.computeIfPresent(sorted.getFirst(), (set, size) -> Math.max(0, size + leftover));
        }
        sizes.forEach(sets::resize);
    }

    private static int limited(int fraction, int left, int toAdd) {
        if (toAdd == 0 || left == 0) {
            return 0;
        }
        return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    }

    /// How much the set would change if all changed by the same factor.
    private static int fraction(ReplicaSet set, Deployment deployment, int allowed) {
        int size = Facts.replicas(set);
        if (Facts.replicas(deployment) == 0) {
            return -size;
        }
        long before = Revisions.max(set).orElse(0);
        if (before == 0) {
            before = Facts.number(Facts.status(deployment).getReplicas());
        }
        if (before == 0) {
            return 0;
        }
        return (int) Math.round((double) size * allowed / before) - size;
    }
}
