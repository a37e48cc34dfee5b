package dev.kapal.controllers.replicaset;

import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Newest;
import dev.kapal.client.Outcome;
import dev.kapal.client.OwnWrites;
import dev.kapal.client.OwnerRefs;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Adoption;
import dev.kapal.controllers.workload.Batches;
import dev.kapal.controllers.workload.Claims;
import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.controllers.workload.Refusals;
import dev.kapal.controllers.workload.Selectors;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keeps `spec.replicas` pods running for each ReplicaSet. Source: apps/v1 API reference, ReplicaSet.
public final class ReplicaSetReconciler implements Reconciler {
    private static final String COMPONENT = "replicaset-controller";
    private static final String BY_CONTROLLER = "controller";
    private static final String ORPHANS = "orphans";

    private final Cache<ReplicaSet> sets;
    private final Cache<Pod> pods;
    private final Api api;
    private final Adoption adoption;
    private final EventRecorder events;
    private final Time time;
    private final OwnWrites<Pod> writes;
    private final Newest<ReplicaSet> newest;

    public ReplicaSetReconciler(Informers informers, Api api, EventRecorder events, Time time) {
        this.sets = informers.of(ReplicaSet.class).index(BY_CONTROLLER, OwnerRefs::controllerUid);
        this.pods = informers
                .of(Pod.class)
                .index(BY_CONTROLLER, OwnerRefs::controllerUid)
                .index(ORPHANS, ReplicaSetReconciler::orphanedIn);
        this.api = api;
        this.adoption = new Adoption(api);
        this.events = events;
        this.time = time;
        this.writes = new OwnWrites<>(pods);
        this.newest = new Newest<>(sets);
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(sets), Wake.controllerOf(pods, "ReplicaSet"), Wake.on(pods, this::setsThatCouldAdopt));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = newest.find(key);
        if (found.isEmpty()) {
            writes.forget(key);
            return Outcome.settled();
        }
        var set = found.get();
        boolean current = writes.seen(key);
        var owned = adoption.carryOut(claims(set), set, Pod.class);
        var plan = current
                ? ReplicaSetPlan.of(set, ReplicaSetPlan.active(owned), related(set, owned), time.instant())
                : ReplicaSetPlan.NOTHING;
        var failure = apply(set, plan);
        return report(set, owned, failure);
    }

    private Claims<Pod> claims(ReplicaSet set) {
        var candidates =
                new ArrayList<>(pods.byIndex(BY_CONTROLLER, set.getMetadata().getUid()));
        candidates.addAll(pods.byIndex(ORPHANS, set.getMetadata().getNamespace()));
        return Claims.of(set, Selectors.of(set.getSpec().getSelector()), candidates);
    }

    /// The pods of all sets that one Deployment owns: where they run decides which go first.
    private List<Pod> related(ReplicaSet set, List<Pod> owned) {
        var owner = OwnerRefs.controller(set);
        if (owner.isEmpty()) {
            return owned;
        }
        return sets.byIndex(BY_CONTROLLER, owner.get().getUid()).stream()
                .flatMap(sibling ->
                        pods.byIndex(BY_CONTROLLER, sibling.getMetadata().getUid()).stream())
                .toList();
    }

    private Optional<RuntimeException> apply(ReplicaSet set, ReplicaSetPlan plan) throws InterruptedException {
        if (plan.create() > 0) {
            var pod = NewPod.of(set);
            return Batches.slowStart(plan.create(), 1, item -> create(set, pod)).failure();
        }
        return Batches.all(
                        plan.delete().size(), item -> delete(set, plan.delete().get(item)))
                .failure();
    }

    private void create(ReplicaSet set, Pod pod) throws InterruptedException {
        try {
            var created = api.create(pod);
            writes.wrote(Key.of(set), created);
            events.normal(
                    set,
                    "SuccessfulCreate",
                    "Created pod: " + created.getMetadata().getName(),
                    COMPONENT);
        } catch (KubernetesClientException refusal) {
            if (!Refusals.isNamespaceTerminating(refusal)) {
                events.warning(set, "FailedCreate", "Error creating: " + Refusals.message(refusal), COMPONENT);
            }
            throw refusal;
        }
    }

    private void delete(ReplicaSet set, Pod pod) throws InterruptedException {
        try {
            if (api.delete(Pod.class, Key.of(pod), only(pod))) {
                writes.deleted(Key.of(set), pod);
                events.normal(
                        set,
                        "SuccessfulDelete",
                        "Deleted pod: " + pod.getMetadata().getName(),
                        COMPONENT);
            }
        } catch (KubernetesClientException refusal) {
            events.warning(set, "FailedDelete", "Error deleting: " + Refusals.message(refusal), COMPONENT);
            throw refusal;
        }
    }

    /// This very pod, not a later one of its name.
    private static DeleteOptions only(Pod pod) {
        return new DeleteOptionsBuilder()
                .withNewPreconditions()
                .withUid(pod.getMetadata().getUid())
                .endPreconditions()
                .build();
    }

    private Outcome report(ReplicaSet set, List<Pod> owned, Optional<RuntimeException> failure)
            throws InterruptedException {
        boolean tooFew = ReplicaSetPlan.active(owned).size() < ReplicaSetPlan.replicas(set);
        var told = failure.map(cause ->
                new ReplicaSetStatuses.Failure(tooFew ? "FailedCreate" : "FailedDelete", Refusals.message(cause)));
        var now = time.instant();
        var status = ReplicaSetStatuses.observed(set, owned, told, now);
        if (!ReplicaSetStatuses.same(set.getStatus(), status)) {
            newest.wrote(api.updateStatus(
                    new ReplicaSetBuilder(set).withStatus(status).build()));
        }
        if (failure.isPresent() && !Refusals.isNamespaceTerminating(failure.get())) {
            throw failure.get();
        }
        return ReplicaSetStatuses.nextAvailable(set, owned, now)
                .map(after -> Outcome.again(after, "a pod becomes available"))
                .orElseGet(Outcome::settled);
    }

    private static List<String> orphanedIn(Pod pod) {
        return OwnerRefs.controller(pod).isPresent() || PodFacts.isTerminating(pod)
                ? List.of()
                : List.of(pod.getMetadata().getNamespace());
    }

    private List<Key> setsThatCouldAdopt(Change<Pod> change) {
        var pod = change.latest();
        if (change instanceof Change.Deleted<Pod> || orphanedIn(pod).isEmpty()) {
            return List.of();
        }
        return sets.list(pod.getMetadata().getNamespace()).stream()
                .filter(set -> Selectors.matches(Selectors.of(set.getSpec().getSelector()), pod))
                .map(Key::of)
                .toList();
    }
}
