package dev.kapal.scheduler.snapshot;

import dev.kapal.client.Key;
import io.fabric8.kubernetes.api.model.Node;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Follows nodes and placed pods. A pod that was given a node counts there at once, *assumed*, until its binding is
/// seen or has failed. Any thread; all methods are short.
public final class ClusterState {
    // All fields are guarded by this.
    private final Map<String, NodeState> nodes = new HashMap<>();
    private final Map<Key, Placed> placed = new HashMap<>();
    /// The known nodes in a stable order, and where each stands in it.
    private NodeState[] listed = {};

    private final Map<String, Integer> positions = new HashMap<>();
    private Snapshot snapshot = new Snapshot(List.of());
    private boolean changed;
    /// A node came or went, so `listed` must be made anew.
    private boolean relist;

    private record Placed(PodFacts pod, String node, boolean assumed) {}

    /// What changed with a new state of a node.
    public record NodeChange(Optional<NodeFacts> before, NodeFacts now) {}

    public synchronized NodeChange put(Node node) {
        var now = NodeFacts.of(node);
        var before = nodes.getOrDefault(now.name(), NodeState.unknown());
        var known = before.isKnown() ? Optional.of(before.facts()) : Optional.<NodeFacts>empty();
        if (!known.equals(Optional.of(now))) {
            replace(now.name(), state -> state.with(Optional.of(now)));
        }
        return new NodeChange(known, now);
    }

    public synchronized void removeNode(String name) {
        replace(name, state -> state.with(Optional.empty()));
    }

    /// Counts `pod` on `node` before the API server knows.
    public synchronized void assume(PodFacts pod, String node) {
        place(new Placed(pod, node, true));
    }

    /// Takes back an assumption; harmless when the pod has been seen on a node since.
    public synchronized void forget(PodFacts pod) {
        var known = placed.get(pod.key());
        if (known != null && known.assumed() && known.pod().uid().equals(pod.uid())) {
            remove(pod.key());
        }
    }

    /// A pod was seen on `node`, new or changed.
    public synchronized void put(PodFacts pod, String node) {
        place(new Placed(pod, node, false));
    }

    /// A pod is gone, or has ended; false when it took no room.
    public synchronized boolean remove(Key key, String uid) {
        return isPlaced(key, uid) && remove(key);
    }

    /// Whether the pod counts on a node already.
    public synchronized boolean isPlaced(Key key, String uid) {
        var known = placed.get(key);
        return known != null && known.pod().uid().equals(uid);
    }

    /// Whether the pod counts on a node that it was given but has not been seen on.
    public synchronized boolean isAssumed(Key key) {
        var known = placed.get(key);
        return known != null && known.assumed();
    }

    public synchronized Snapshot snapshot() {
        if (relist) {
            list();
        }
        if (changed) {
            snapshot = new Snapshot(Arrays.asList(listed));
            changed = false;
        }
        return snapshot;
    }

    private boolean remove(Key key) {
        var known = placed.remove(key);
        if (known == null) {
            return false;
        }
        replace(known.node(), state -> state.minus(known.pod()));
        return true;
    }

    private void place(Placed next) {
        remove(next.pod().key());
        placed.put(next.pod().key(), next);
        replace(next.node(), state -> state.plus(next.pod()));
    }

    private void replace(String name, UnaryOperator<NodeState> change) {
        var before = nodes.getOrDefault(name, NodeState.unknown());
        var after = change.apply(before);
        if (after.isForgettable()) {
            nodes.remove(name);
        } else {
            nodes.put(name, after);
        }
        if (before.isKnown() != after.isKnown()) {
            relist = true;
        } else if (after.isKnown() && !relist) {
            listed[positions.get(name)] = after;
            changed = true;
        }
    }

    private void list() {
        listed = nodes.values().stream()
                .filter(NodeState::isKnown)
                .sorted(Comparator.comparing(NodeState::name))
                .toArray(NodeState[]::new);
        positions.clear();
        for (int i = 0; i < listed.length; i++) {
            positions.put(listed[i].name(), i);
        }
        changed = true;
        relist = false;
    }
}
