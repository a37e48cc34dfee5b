package dev.kapal.controllers.replicaset;

import dev.kapal.controllers.workload.PodFacts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// What to do about the pods of one ReplicaSet: create some or delete some, never both. A value.
record ReplicaSetPlan(int create, List<Pod> delete) {
    /// How many pods one round creates or deletes at most.
    static final int BURST = 500;

    static final ReplicaSetPlan NOTHING = new ReplicaSetPlan(0, List.of());

    /// @param own the active pods of the set
    /// @param related the pods of all sets of the same owner
    static ReplicaSetPlan of(ReplicaSet set, List<Pod> own, List<Pod> related, Instant now) {
        if (set.getMetadata().getDeletionTimestamp() != null) {
            return NOTHING;
        }
        int surplus = own.size() - replicas(set);
        if (surplus < 0) {
            return new ReplicaSetPlan(Math.min(-surplus, BURST), List.of());
        }
        if (surplus == 0) {
            return NOTHING;
        }
        return new ReplicaSetPlan(0, DeletionOrder.first(Math.min(surplus, BURST), own, related, now));
    }

    static int replicas(ReplicaSet set) {
        return Objects.requireNonNullElse(set.getSpec().getReplicas(), 1);
    }

    static int minReadySeconds(ReplicaSet set) {
        return Objects.requireNonNullElse(set.getSpec().getMinReadySeconds(), 0);
    }

    static List<Pod> active(List<Pod> pods) {
        return pods.stream().filter(PodFacts::isActive).toList();
    }
}
