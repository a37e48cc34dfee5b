package dev.kapal.scheduler;

import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import dev.kapal.client.Key;
import dev.kapal.scheduler.framework.ClusterEvent;
import dev.kapal.scheduler.framework.Profile;
import dev.kapal.scheduler.queue.SchedulingQueue;
import dev.kapal.scheduler.snapshot.ClusterState;
import dev.kapal.scheduler.snapshot.NodeFacts;
import dev.kapal.scheduler.snapshot.PodFacts;
import dev.kapal.scheduler.snapshot.Resources;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Tells the cluster state and the queue what the watches see. Runs on the watches' threads; never blocks.
final class ClusterFeed {
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private final String schedulerName;
    private final ClusterState state;
    private final SchedulingQueue queue;

    ClusterFeed(String schedulerName, ClusterState state, SchedulingQueue queue) {
        this.schedulerName = schedulerName;
        this.state = state;
        this.queue = queue;
    }

    void follow(Cache<Node> nodes, Cache<Pod> pods) {
        nodes.onChange(this::node);
        pods.onChange(this::pod);
    }

    void node(Change<Node> change) {
        if (change instanceof Change.Deleted<Node>(Node last)) {
            state.removeNode(last.getMetadata().getName());
            return;
        }
        var seen = state.put(change.latest());
        if (seen.before().isEmpty()) {
            queue.happened(ClusterEvent.NODE_ADDED);
        } else {
            compare(seen.before().get(), seen.now());
        }
    }

    private void compare(NodeFacts before, NodeFacts now) {
        if (raised(before, now)) {
            queue.happened(ClusterEvent.NODE_ALLOCATABLE_RAISED);
        }
        if (!before.labels().equals(now.labels())) {
            queue.happened(ClusterEvent.NODE_LABELS_CHANGED);
        }
        if (!before.taints().equals(now.taints()) || before.unschedulable() != now.unschedulable()) {
            queue.happened(ClusterEvent.NODE_TAINTS_CHANGED);
        }
    }

    private static boolean raised(NodeFacts before, NodeFacts now) {
        Resources old = before.allocatable();
        Resources offered = now.allocatable();
        return offered.milliCpu() > old.milliCpu()
                || offered.memory() > old.memory()
                || offered.ephemeralStorage() > old.ephemeralStorage()
                || now.pods() > before.pods()
                || offered.scalars().entrySet().stream().anyMatch(e -> e.getValue() > old.scalar(e.getKey()));
    }

    void pod(Change<Pod> change) {
        switch (change) {
            case Change.Added<Pod>(Pod now) -> seen(now, true);
            case Change.Updated<Pod>(Pod before, Pod now) -> {
                boolean another = !uid(before).equals(uid(now));
                if (another) {
                    gone(before);
                }
                seen(now, another || differs(before, now));
            }
            case Change.Deleted<Pod>(Pod last) -> gone(last);
        }
    }

    /// `changed`: it is new, or something that scheduling looks at is not as it was.
    private void seen(Pod pod, boolean changed) {
        if (hasEnded(pod)) {
            gone(pod);
        } else if (hasNode(pod)) {
            queue.remove(Key.of(pod));
            placed(pod, changed);
        } else if (isOurs(pod)) {
            waiting(pod, changed);
        } else {
            queue.remove(Key.of(pod));
        }
    }

    private void placed(Pod pod, boolean changed) {
        boolean known = state.isPlaced(Key.of(pod), uid(pod));
        // A pod that was only assumed counts as seen from now on, with the node that it really got.
        if (changed || !known || state.isAssumed(Key.of(pod))) {
            state.put(PodFacts.of(pod), pod.getSpec().getNodeName());
        }
        if (known && changed) {
            queue.happened(ClusterEvent.PLACED_POD_SHRUNK);
        }
    }

    private void waiting(Pod pod, boolean changed) {
        // Assumed: its binding is on the way.
        if (!state.isPlaced(Key.of(pod), uid(pod))) {
            queue.put(PodFacts.of(pod), changed);
        }
    }

    private void gone(Pod pod) {
        queue.remove(Key.of(pod));
        if (state.remove(Key.of(pod), uid(pod))) {
            queue.happened(ClusterEvent.PLACED_POD_GONE);
        }
    }

    /// Whether the pod is one that this scheduler gives a node.
    boolean isOurs(Pod pod) {
        String wanted = pod.getSpec().getSchedulerName();
        return schedulerName.equals(wanted == null || wanted.isEmpty() ? Profile.DEFAULT_SCHEDULER : wanted)
                && pod.getMetadata().getDeletionTimestamp() == null
                && !hasNode(pod)
                && !hasEnded(pod);
    }

    private static boolean differs(Pod before, Pod now) {
        return !before.getSpec().equals(now.getSpec()) || !labels(before).equals(labels(now));
    }

    private static Map<String, String> labels(Pod pod) {
        return Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
    }

    private static boolean hasNode(Pod pod) {
        return pod.getSpec().getNodeName() != null
                && !pod.getSpec().getNodeName().isEmpty();
    }

    private static boolean hasEnded(Pod pod) {
        return pod.getStatus() != null
                && ENDED.contains(String.valueOf(pod.getStatus().getPhase()));
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
