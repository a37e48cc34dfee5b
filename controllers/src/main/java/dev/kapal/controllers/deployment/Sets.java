package dev.kapal.controllers.deployment;

import dev.kapal.client.OwnerRefs;
import dev.kapal.controllers.workload.Selectors;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The sets of one Deployment while a plan is made: the one of the present template and the old ones, with the changes
/// decided so far. Owned by one [Rollout].
final class Sets {
    private final Deployment deployment;
    private final Budget budget;
    /// As the cache has them, by name.
    private final Map<String, ReplicaSet> before = new LinkedHashMap<>();
    /// As they shall be, by name, the oldest first.
    private final Map<String, ReplicaSet> now = new LinkedHashMap<>();

    private Optional<String> newest;
    private boolean created;

    Sets(Deployment deployment, List<ReplicaSet> owned) {
        this.deployment = deployment;
        this.budget = Budget.of(deployment);
        owned.stream().sorted(Facts.OLDEST_FIRST).forEach(set -> {
            before.put(set.getMetadata().getName(), set);
            now.put(set.getMetadata().getName(), set);
        });
        this.newest = now.values().stream()
                .filter(set -> Templates.isOf(set, deployment))
                .findFirst()
                .map(set -> set.getMetadata().getName());
    }

    Budget budget() {
        return budget;
    }

    Optional<ReplicaSet> newest() {
        return newest.map(now::get);
    }

    /// All but the newest, the oldest first.
    List<ReplicaSet> old() {
        return now.values().stream()
                .filter(set -> !newest.equals(Optional.of(set.getMetadata().getName())))
                .toList();
    }

    List<ReplicaSet> all() {
        return new ArrayList<>(now.values());
    }

    /// Gives the set a size, and the annotations that tell for which size of the Deployment. True when the size
    /// changed.
    boolean resize(ReplicaSet set, int replicas) {
        int desired = Facts.replicas(deployment);
        var current = now.get(set.getMetadata().getName());
        var annotations = Revisions.sized(Selectors.annotations(current), desired, desired + budget.surge());
        boolean changes = Facts.replicas(current) != replicas;
        if (changes || !annotations.equals(Selectors.annotations(current))) {
            put(new ReplicaSetBuilder(current)
                    .editMetadata()
                    .withAnnotations(annotations)
                    .endMetadata()
                    .editSpec()
                    .withReplicas(replicas)
                    .endSpec()
                    .build());
        }
        return changes;
    }

    /// Brings revision, copied annotations and minReadySeconds of the newest set up to date; the revision it has then.
    String refreshNewest() {
        var set = newest().orElseThrow();
        var annotations = Revisions.ofNewest(deployment, Selectors.annotations(set), Revisions.newest(old()) + 1);
        int minReady = Facts.minReadySeconds(deployment);
        boolean sameReady = Facts.number(set.getSpec().getMinReadySeconds()) == minReady;
        if (!annotations.equals(Selectors.annotations(set)) || !sameReady) {
            put(new ReplicaSetBuilder(set)
                    .editMetadata()
                    .withAnnotations(annotations)
                    .endMetadata()
                    .editSpec()
                    .withMinReadySeconds(minReady == 0 ? null : minReady)
                    .endSpec()
                    .build());
        }
        return annotations.get(Revisions.REVISION);
    }

    /// Adds the set of the present template, without pods; size it with [#resize].
    void create() {
        var template = deployment.getSpec().getTemplate();
        int collisions = Facts.number(Facts.status(deployment).getCollisionCount());
        String hash = Templates.hash(template, collisions);
        var labelled = Templates.withLabel(template, hash);
        String name = deployment.getMetadata().getName() + "-" + hash;
        put(new ReplicaSetBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(deployment.getMetadata().getNamespace())
                .withLabels(labelled.getMetadata().getLabels())
                .withAnnotations(Revisions.ofNewest(deployment, Map.of(), Revisions.newest(old()) + 1))
                .withOwnerReferences(OwnerRefs.controlling(deployment))
                .endMetadata()
                .withNewSpec()
                .withReplicas(0)
                .withMinReadySeconds(Facts.minReadySeconds(deployment) == 0 ? null : Facts.minReadySeconds(deployment))
                .withSelector(new LabelSelectorBuilder(deployment.getSpec().getSelector())
                        .addToMatchLabels(Templates.HASH_LABEL, hash)
                        .build())
                .withTemplate(labelled)
                .endSpec()
                .build());
        newest = Optional.of(name);
        created = true;
    }

    Optional<ReplicaSet> created() {
        return created ? newest() : Optional.empty();
    }

    List<DeploymentPlan.Update> updates() {
        var updates = new ArrayList<DeploymentPlan.Update>();
        before.forEach((name, set) -> {
            if (!Objects.equals(set, now.get(name))) {
                updates.add(new DeploymentPlan.Update(set, now.get(name)));
            }
        });
        return updates;
    }

    private void put(ReplicaSet set) {
        now.put(set.getMetadata().getName(), set);
    }
}
