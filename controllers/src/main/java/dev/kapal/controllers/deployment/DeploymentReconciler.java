package dev.kapal.controllers.deployment;

import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Newest;
import dev.kapal.client.Outcome;
import dev.kapal.client.OwnerRefs;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Adoption;
import dev.kapal.controllers.workload.Claims;
import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.controllers.workload.Refusals;
import dev.kapal.controllers.workload.Selectors;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// Rolls each Deployment from its old ReplicaSets to the one of its present template. Source: apps/v1 API reference,
/// Deployment.
public final class DeploymentReconciler implements Reconciler {
    private static final String COMPONENT = "deployment-controller";
    private static final String BY_CONTROLLER = "controller";
    private static final String ORPHANS = "orphans";

    private final Cache<Deployment> deployments;
    private final Cache<ReplicaSet> sets;
    private final Cache<Pod> pods;
    private final Api api;
    private final Adoption adoption;
    private final EventRecorder events;
    private final Time time;
    private final Newest<Deployment> newest;
    private final Newest<ReplicaSet> newestSets;

    public DeploymentReconciler(Informers informers, Api api, EventRecorder events, Time time) {
        this.deployments = informers.of(Deployment.class);
        this.sets = informers
                .of(ReplicaSet.class)
                .index(BY_CONTROLLER, OwnerRefs::controllerUid)
                .index(ORPHANS, DeploymentReconciler::orphanedIn);
        this.pods = informers.of(Pod.class).index(BY_CONTROLLER, OwnerRefs::controllerUid);
        this.api = api;
        this.adoption = new Adoption(api);
        this.events = events;
        this.time = time;
        this.newest = new Newest<>(deployments);
        this.newestSets = new Newest<>(sets);
    }

    @Override
    public List<Wake> wakes() {
        return List.of(
                Wake.own(deployments),
                Wake.controllerOf(sets, "Deployment"),
                Wake.on(sets, this::deploymentsThatCouldAdopt),
                Wake.on(pods, this::recreatedAfterItsLastPod));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = newest.find(key);
        if (found.isEmpty()) {
            return Outcome.settled();
        }
        var deployment = found.get();
        var selector = Selectors.of(deployment.getSpec().getSelector());
        if (selector.isEmpty()) {
            return refuseToSelectAll(deployment);
        }
        var owned = adoption.carryOut(
                Claims.of(deployment, selector, candidates(deployment)), deployment, ReplicaSet.class);
        var rollback = Rollback.wanted(deployment, owned);
        if (rollback.isPresent()) {
            return goBack(deployment, rollback.get());
        }
        return apply(deployment, Rollout.plan(deployment, owned, running(deployment, owned), time.instant()));
    }

    private Outcome goBack(Deployment deployment, Rollback rollback) throws InterruptedException {
        newest.wrote(api.update(rollback.after()));
        if (rollback.isDone()) {
            events.normal(deployment, rollback.reason(), rollback.message(), COMPONENT);
        } else {
            events.warning(deployment, rollback.reason(), rollback.message(), COMPONENT);
        }
        return Outcome.settled();
    }

    private List<ReplicaSet> candidates(Deployment deployment) {
        var candidates = new ArrayList<>(
                sets.byIndex(BY_CONTROLLER, deployment.getMetadata().getUid()));
        candidates.addAll(sets.byIndex(ORPHANS, deployment.getMetadata().getNamespace()));
        candidates.replaceAll(set -> newestSets.find(Key.of(set)).orElse(set));
        return candidates;
    }

    /// The sets with a pod that has not ended; asked for only where it matters.
    private Set<String> running(Deployment deployment, List<ReplicaSet> owned) {
        if (Facts.isRolling(deployment)) {
            return Set.of();
        }
        return owned.stream()
                .map(set -> set.getMetadata().getUid())
                .filter(uid -> pods.byIndex(BY_CONTROLLER, uid).stream().anyMatch(pod -> !PodFacts.isEnded(pod)))
                .collect(Collectors.toSet());
    }

    private Outcome apply(Deployment deployment, DeploymentPlan plan) throws InterruptedException {
        if (plan.create().isPresent() && !create(deployment, plan.create().get())) {
            return Outcome.settled();
        }
        for (var update : plan.updates()) {
            newestSets.wrote(api.update(update.after()));
            tellScaling(deployment, update);
        }
        for (ReplicaSet set : plan.delete()) {
            api.delete(ReplicaSet.class, Key.of(set), new DeleteOptions());
        }
        var current = deployment;
        if (plan.revision().isPresent()) {
            current = newest.wrote(api.patch(
                    Deployment.class,
                    Key.of(deployment),
                    Api.Patch.MERGE,
                    revision(deployment, plan.revision().get())));
        }
        if (plan.status().isPresent()) {
            writeStatus(current, plan.status().get());
        }
        return plan.lookAgain()
                .map(after -> Outcome.again(after, "the progress deadline"))
                .orElseGet(Outcome::settled);
    }

    /// Writes the new set. False when its name is taken by a foreign one: the next round tries another name.
    private boolean create(Deployment deployment, ReplicaSet set) throws InterruptedException {
        try {
            api.create(set);
            int size = Facts.replicas(set);
            if (size > 0) {
                events.normal(deployment, "ScalingReplicaSet", scaled("up", set, 0, size), COMPONENT);
            }
            return true;
        } catch (KubernetesClientException refusal) {
            if (Refusals.isAlreadyExists(refusal)) {
                return resolveCollision(deployment, set);
            }
            if (!Refusals.isNamespaceTerminating(refusal)) {
                tellRefusal(deployment, set, refusal);
            }
            throw refusal;
        }
    }

    private boolean resolveCollision(Deployment deployment, ReplicaSet set) throws InterruptedException {
        var there = api.fetch(ReplicaSet.class, Key.of(set));
        if (there.isPresent()
                && OwnerRefs.isControlledBy(there.get(), deployment)
                && Templates.isOf(there.get(), deployment)) {
            return false; // our own, of which the cache does not know yet: its arrival wakes us
        }
        int collisions = Facts.number(Facts.status(deployment).getCollisionCount());
        writeStatus(
                deployment,
                new DeploymentStatusBuilder(Facts.status(deployment))
                        .withCollisionCount(collisions + 1)
                        .build());
        return false;
    }

    private void tellRefusal(Deployment deployment, ReplicaSet set, KubernetesClientException refusal)
            throws InterruptedException {
        String why = Refusals.message(refusal);
        var status = DeploymentStatuses.creationFailed(deployment, set, why, time.instant());
        if (!status.equals(deployment.getStatus())) {
            writeStatus(deployment, status);
        }
        String message =
                "Failed to create new replica set \"" + set.getMetadata().getName() + "\": " + why;
        events.warning(deployment, "ReplicaSetCreateError", message, COMPONENT);
    }

    private void tellScaling(Deployment deployment, DeploymentPlan.Update update) {
        if (update.resizes()) {
            int from = Facts.replicas(update.before());
            int to = Facts.replicas(update.after());
            String message = scaled(to > from ? "up" : "down", update.after(), from, to);
            events.normal(deployment, "ScalingReplicaSet", message, COMPONENT);
        }
    }

    private static String scaled(String direction, ReplicaSet set, int from, int to) {
        return "Scaled " + direction + " replica set " + set.getMetadata().getName() + " from " + from + " to " + to;
    }

    private void writeStatus(Deployment deployment, DeploymentStatus status) throws InterruptedException {
        newest.wrote(api.updateStatus(
                new DeploymentBuilder(deployment).withStatus(status).build()));
    }

    private static String revision(Deployment deployment, String revision) {
        return """
                {"metadata":{"resourceVersion":"%s","annotations":{"%s":"%s"}}}""".formatted(deployment.getMetadata().getResourceVersion(), Revisions.REVISION, revision);
    }

    private Outcome refuseToSelectAll(Deployment deployment) throws InterruptedException {
        events.warning(
                deployment,
                "SelectingAll",
                "This deployment is selecting all pods. A non-empty selector is required.",
                COMPONENT);
        var generation = deployment.getMetadata().getGeneration();
        if (!Objects.equals(Facts.status(deployment).getObservedGeneration(), generation)) {
            writeStatus(
                    deployment,
                    new DeploymentStatusBuilder(Facts.status(deployment))
                            .withObservedGeneration(generation)
                            .build());
        }
        return Outcome.settled();
    }

    private static List<String> orphanedIn(ReplicaSet set) {
        return OwnerRefs.controller(set).isPresent()
                ? List.of()
                : List.of(set.getMetadata().getNamespace());
    }

    private List<Key> deploymentsThatCouldAdopt(Change<ReplicaSet> change) {
        var set = change.latest();
        if (change instanceof Change.Deleted<ReplicaSet> || orphanedIn(set).isEmpty()) {
            return List.of();
        }
        return deployments.list(set.getMetadata().getNamespace()).stream()
                .filter(deployment ->
                        Selectors.matches(Selectors.of(deployment.getSpec().getSelector()), set))
                .map(Key::of)
                .toList();
    }

    /// Recreate waits for the last old pod to end; nothing but that pod's end tells.
    private List<Key> recreatedAfterItsLastPod(Change<Pod> change) {
        var pod = change.latest();
        boolean over = change instanceof Change.Deleted<Pod> || PodFacts.isEnded(pod);
        if (!over) {
            return List.of();
        }
        return OwnerRefs.controller(pod)
                .filter(owner -> owner.getKind().equals("ReplicaSet"))
                .flatMap(owner -> sets.find(new Key(pod.getMetadata().getNamespace(), owner.getName())))
                .flatMap(OwnerRefs::controller)
                .map(owner -> new Key(pod.getMetadata().getNamespace(), owner.getName()))
                .flatMap(deployments::find)
                .filter(deployment -> !Facts.isRolling(deployment))
                .map(deployment -> List.of(Key.of(deployment)))
                .orElse(List.of());
    }
}
