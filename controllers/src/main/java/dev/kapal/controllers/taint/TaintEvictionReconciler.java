package dev.kapal.controllers.taint;

import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Disrupted;
import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.controllers.workload.Times;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Deletes each pod that stays on a tainted node longer than it tolerates. Keys are pods.
///
/// Source: Kubernetes documentation, "Taints and Tolerations", section "Taint based Evictions".
public final class TaintEvictionReconciler implements Reconciler {
    private static final String COMPONENT = "taint-eviction-controller";
    private static final String BY_NODE = "node";

    private final Cache<Pod> pods;
    private final Cache<Node> nodes;
    private final Api api;
    private final EventRecorder events;
    private final Disrupted disrupted;
    private final Time time;
    /// Since when each condemned pod has been so.
    private final Map<Key, Instant> since = new ConcurrentHashMap<>();

    public TaintEvictionReconciler(Informers informers, Api api, EventRecorder events, Time time) {
        this.pods = informers.of(Pod.class).index(BY_NODE, PodFacts::byNode);
        this.nodes = informers.of(Node.class);
        this.api = api;
        this.events = events;
        this.disrupted = new Disrupted(api, time);
        this.time = time;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.on(pods, this::placedOnTainted), Wake.on(nodes, this::podsOfTainted));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var pod = pods.find(key);
        var taints = pod.map(this::taints).orElse(List.of());
        if (pod.isEmpty() || PodFacts.isTerminating(pod.get()) || taints.isEmpty()) {
            cancel(key, pod);
            return Outcome.settled();
        }
        var limit = Tolerance.of(pod.get(), taints);
        if (limit.isEmpty()) {
            cancel(key, pod);
            return Outcome.settled();
        }
        var start = since.computeIfAbsent(key, k -> begun(taints));
        var left = Duration.between(time.instant(), start.plus(limit.get()));
        if (limit.get().isPositive() && left.isPositive()) {
            return Outcome.again(left, "the pod's toleration ends");
        }
        evict(pod.get());
        since.remove(key);
        return Outcome.settled();
    }

    private void evict(Pod pod) throws InterruptedException {
        var key = Key.of(pod);
        events.normal(pod, "TaintManagerEviction", "Marking for deletion Pod " + key, COMPONENT);
        disrupted.mark(pod, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint");
        api.delete(
                Pod.class,
                key,
                new DeleteOptionsBuilder()
                        .withNewPreconditions()
                        .withUid(pod.getMetadata().getUid())
                        .endPreconditions()
                        .build());
    }

    private void cancel(Key key, Optional<Pod> pod) {
        if (since.remove(key) != null && pod.isPresent() && !PodFacts.isTerminating(pod.get())) {
            events.normal(pod.get(), "TaintManagerEviction", "Cancelling deletion of Pod " + key, COMPONENT);
        }
    }

    /// From when the newest taint counts; a taint without a time counts from now.
    private Instant begun(List<Taint> taints) {
        return taints.stream()
                .map(taint -> Times.parse(taint.getTimeAdded()).orElseGet(time::instant))
                .max(Instant::compareTo)
                .orElseGet(time::instant);
    }

    private List<Taint> taints(Pod pod) {
        String node = PodFacts.nodeName(pod);
        return node.isEmpty()
                ? List.of()
                : nodes.find(Key.cluster(node))
                        .map(TaintEvictionReconciler::evicting)
                        .orElse(List.of());
    }

    private static List<Taint> evicting(Node node) {
        var taints = node.getSpec() == null ? null : node.getSpec().getTaints();
        return Objects.requireNonNullElse(taints, List.<Taint>of()).stream()
                .filter(taint -> "NoExecute".equals(taint.getEffect()))
                .toList();
    }

    private List<Key> placedOnTainted(Change<Pod> change) {
        var key = Key.of(change.latest());
        return since.containsKey(key) || !taints(change.latest()).isEmpty() ? List.of(key) : List.of();
    }

    private List<Key> podsOfTainted(Change<Node> change) {
        boolean changed = !(change instanceof Change.Updated<Node>(Node before, Node now))
                || !evicting(before).equals(evicting(now));
        return changed
                ? pods.byIndex(BY_NODE, change.latest().getMetadata().getName()).stream()
                        .map(Key::of)
                        .toList()
                : List.of();
    }
}
