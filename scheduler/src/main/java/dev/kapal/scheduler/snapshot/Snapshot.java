package dev.kapal.scheduler.snapshot;

import java.util.List;

/// All known nodes at one moment. Immutable.
public record Snapshot(List<NodeState> nodes) {
    public Snapshot {
        nodes = List.copyOf(nodes);
    }

    public int size() {
        return nodes.size();
    }
}
