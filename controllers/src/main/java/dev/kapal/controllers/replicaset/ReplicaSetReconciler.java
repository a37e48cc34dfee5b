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
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keeps `spec.replicas` pods running for each ReplicaSet, or whatever else is [Replicated].
/// Source: apps/v1 API reference, ReplicaSet.
public final class ReplicaSetReconciler<T extends HasMetadata> implements Reconciler {
    private static final String BY_CONTROLLER = "controller";
    private static final String ORPHANS = "orphans";

    private final Replicated<T> kind;
    private final Cache<T> sets;
    private final Cache<Pod> pods;
    private final Api api;
    private final Adoption adoption;
    private final EventRecorder events;
    private final Time time;
    private final OwnWrites<Pod> writes;
    private final Newest<T> newest;

    public ReplicaSetReconciler(Replicated<T> kind, Informers informers, Api api, EventRecorder events, Time time) {
        this.kind = kind;
        this.sets = informers.of(kind.type()).index(BY_CONTROLLER, OwnerRefs::controllerUid);
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
        return List.of(
                Wake.own(sets),
                Wake.controllerOf(pods, HasMetadata.getKind(kind.type())),
                Wake.on(pods, this::setsThatCouldAdopt));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = newest.find(key);
        if (found.isEmpty()) {
            writes.forget(key);
            return Outcome.settled();
        }
        var object = found.get();
        var set = kind.asSet(object);
        boolean current = writes.seen(key); // before the pods are read
        var owned = adoption.carryOut(claims(set), object, Pod.class);
        var plan = current ? plan(object, set, owned) : ReplicaSetPlan.NOTHING;
        var failure = apply(set, plan);
        return report(object, set, owned, failure);
    }

    /// Pods may be missing because the set is being deleted and leaves them behind; our cache need not know that yet.
    private ReplicaSetPlan plan(T object, ReplicaSet set, List<Pod> owned) throws InterruptedException {
        var active = ReplicaSetPlan.active(owned);
        var plan = ReplicaSetPlan.of(set, active, related(set, owned), time.instant());
        boolean lost = set.getStatus() != null
                && active.size() < ReplicaSetStatuses.number(set.getStatus().getReplicas());
        return plan.create() > 0 && lost && !adoption.stillWanted(object) ? ReplicaSetPlan.NOTHING : plan;
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
                    kind.component());
        } catch (KubernetesClientException refusal) {
            if (!Refusals.isNamespaceTerminating(refusal)) {
                events.warning(set, "FailedCreate", "Error creating: " + Refusals.message(refusal), kind.component());
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
                        kind.component());
            }
        } catch (KubernetesClientException refusal) {
            events.warning(set, "FailedDelete", "Error deleting: " + Refusals.message(refusal), kind.component());
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

    private Outcome report(T object, ReplicaSet set, List<Pod> owned, Optional<RuntimeException> failure)
            throws InterruptedException {
        boolean tooFew = ReplicaSetPlan.active(owned).size() < ReplicaSetPlan.replicas(set);
        var told = failure.map(cause ->
                new ReplicaSetStatuses.Failure(tooFew ? "FailedCreate" : "FailedDelete", Refusals.message(cause)));
        var now = time.instant();
        var status = ReplicaSetStatuses.observed(set, owned, told, now);
        if (!ReplicaSetStatuses.same(set.getStatus(), status)) {
            newest.wrote(api.updateStatus(kind.withStatus(object, status)));
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
                .filter(object -> Selectors.matches(
                        Selectors.of(kind.asSet(object).getSpec().getSelector()), pod))
                .map(Key::of)
                .toList();
    }
}
