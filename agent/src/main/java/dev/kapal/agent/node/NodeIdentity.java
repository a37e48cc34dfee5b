package dev.kapal.agent.node;

import java.util.Map;
import java.util.Optional;

/// What the cluster is told about who this node is. Immutable.
public record NodeIdentity(
        String name, String address, int port, int maxPods, Optional<String> podCidr, Map<String, String> labels) {
    public NodeIdentity {
        labels = Map.copyOf(labels);
    }
}
