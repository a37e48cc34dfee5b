package dev.kapal.controllers.podgc;

import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Disrupted;
import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.controllers.workload.Times;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Sweeps all pods every twenty seconds, with one worker and one key, [#SWEEP].
///
/// Source: Kubernetes documentation, "Pod Lifecycle", section "Garbage collection of Pods".
public final class PodGcReconciler implements Reconciler {
    public static final Key SWEEP = Key.cluster("sweep");

    /// So many ended pods are kept for people to look at.
    static final int KEPT = 12_500;

    private static final Log log = Log.of(PodGcReconciler.class);
    private static final Duration EVERY = Duration.ofSeconds(20);
    /// A node may be away from the list for a moment only; its pods are not lost at once.
    private static final Duration QUARANTINE = Duration.ofSeconds(40);

    private static final DeleteOptions AT_ONCE =
            new DeleteOptionsBuilder().withGracePeriodSeconds(0L).build();

    private final Cache<Pod> pods;
    private final Cache<Node> nodes;
    private final Api api;
    private final Disrupted disrupted;
    private final Time time;
    private final Map<String, Instant> missing = new HashMap<>();

    public PodGcReconciler(Informers informers, Api api, Time time) {
        this.pods = informers.of(Pod.class);
        this.nodes = informers.of(Node.class);
        this.api = api;
        this.disrupted = new Disrupted(api, time);
        this.time = time;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(
                Wake.on(nodes, change -> change instanceof Change.Deleted<Node> ? List.of(SWEEP) : List.of()),
                Wake.on(pods, change -> isUnplacedAndLeaving(change) ? List.of(SWEEP) : List.of()));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var all = pods.all();
        for (Pod pod : surplus(all, KEPT)) {
            log.info("deleting an ended pod beyond the limit", "pod", Key.of(pod));
            api.delete(Pod.class, Key.of(pod), AT_ONCE);
        }
        for (Pod pod : all) {
            if (isUnplacedAndLeaving(pod)) {
                api.delete(Pod.class, Key.of(pod), AT_ONCE);
            } else if (isLost(pod)) {
                log.info("deleting a pod whose node is gone", "pod", Key.of(pod), "node", PodFacts.nodeName(pod));
                disrupted.fail(pod, "DeletionByPodGC", "PodGC: node no longer exists");
                api.delete(Pod.class, Key.of(pod), AT_ONCE);
            }
        }
        missing.keySet().removeIf(node -> nodes.find(Key.cluster(node)).isPresent());
        return Outcome.again(EVERY, "the next sweep");
    }

    /// The oldest ended pods beyond `kept`.
    static List<Pod> surplus(List<Pod> all, int kept) {
        var ended = all.stream()
                .filter(PodFacts::isEnded)
                .filter(pod -> !PodFacts.isTerminating(pod))
                .sorted(Comparator.comparing(
                                (Pod pod) -> Times.parse(pod.getMetadata().getCreationTimestamp())
                                        .orElse(Instant.MIN))
                        .thenComparing(pod -> pod.getMetadata().getName()))
                .toList();
        return ended.subList(0, Math.max(0, ended.size() - kept));
    }

    /// Its node has been gone for a while, and the server confirms it.
    private boolean isLost(Pod pod) throws InterruptedException {
        String node = PodFacts.nodeName(pod);
        if (node.isEmpty() || nodes.find(Key.cluster(node)).isPresent()) {
            return false;
        }
        var now = time.instant();
        var since = missing.computeIfAbsent(node, name -> now);
        return !now.isBefore(since.plus(QUARANTINE))
                && api.fetch(Node.class, Key.cluster(node)).isEmpty();
    }

    private static boolean isUnplacedAndLeaving(Change<Pod> change) {
        return !(change instanceof Change.Deleted<Pod>) && isUnplacedAndLeaving(change.latest());
    }

    private static boolean isUnplacedAndLeaving(Pod pod) {
        return PodFacts.isTerminating(pod) && PodFacts.nodeName(pod).isEmpty();
    }
}
