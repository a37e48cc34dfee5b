package dev.kapal.controllers.disruption;

import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.OwnerRefs;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// How many pods the controllers of some pods want in all. Reads from caches; any thread.
final class ControllerScale {
    private final Cache<ReplicaSet> replicaSets;
    private final Cache<Deployment> deployments;
    private final Cache<StatefulSet> statefulSets;
    private final Cache<ReplicationController> replicationControllers;

    /// A controller and the number of pods that it wants.
    private record Wanted(String uid, int replicas) {}

    /// @param unknown the pod whose controller cannot be asked; empty when all could
    record Total(int replicas, Optional<String> unknown) {}

    ControllerScale(Informers informers) {
        this.replicaSets = informers.of(ReplicaSet.class);
        this.deployments = informers.of(Deployment.class);
        this.statefulSets = informers.of(StatefulSet.class);
        this.replicationControllers = informers.of(ReplicationController.class);
    }

    /// Each controller counts once; pods without one do not count.
    Total of(List<Pod> pods) {
        var wanted = new HashMap<String, Integer>();
        for (var pod : pods) {
            var owner = OwnerRefs.controller(pod);
            if (owner.isEmpty()) {
                continue;
            }
            var found = find(pod.getMetadata().getNamespace(), owner.get());
            if (found.isEmpty()) {
                return new Total(0, Optional.of(pod.getMetadata().getName()));
            }
            wanted.put(found.get().uid, found.get().replicas);
        }
        return new Total(wanted.values().stream().mapToInt(Integer::intValue).sum(), Optional.empty());
    }

    private Optional<Wanted> find(String namespace, OwnerReference owner) {
        return switch (owner.getKind()) {
            case "ReplicaSet" -> same(replicaSets, namespace, owner).map(this::ofReplicaSet);
            case "StatefulSet" ->
                same(statefulSets, namespace, owner)
                        .map(s -> wanted(s, s.getSpec().getReplicas()));
            case "ReplicationController" ->
                same(replicationControllers, namespace, owner)
                        .map(r -> wanted(r, r.getSpec().getReplicas()));
            default -> Optional.empty();
        };
    }

    /// A deployment's sets are one controller: while it rolls out, both have pods.
    private Wanted ofReplicaSet(ReplicaSet set) {
        var deployment = OwnerRefs.controller(set)
                .filter(owner -> owner.getKind().equals("Deployment"))
                .flatMap(owner -> same(deployments, set.getMetadata().getNamespace(), owner));
        return deployment
                .map(d -> wanted(d, d.getSpec().getReplicas()))
                .orElseGet(() -> wanted(set, set.getSpec().getReplicas()));
    }

    private static Wanted wanted(HasMetadata controller, Integer replicas) {
        return new Wanted(controller.getMetadata().getUid(), replicas == null ? 1 : replicas);
    }

    private static <T extends HasMetadata> Optional<T> same(Cache<T> cache, String namespace, OwnerReference owner) {
        return cache.find(new Key(namespace, owner.getName()))
                .filter(found -> found.getMetadata().getUid().equals(owner.getUid()));
    }
}
