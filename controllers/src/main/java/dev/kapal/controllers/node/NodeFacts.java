package dev.kapal.controllers.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// What controllers ask about a node.
final class NodeFacts {
    static final String READY = "Ready";

    private NodeFacts() {}

    static List<NodeCondition> conditions(Node node) {
        var status = node.getStatus();
        return status == null ? List.of() : Objects.requireNonNullElse(status.getConditions(), List.of());
    }

    static Optional<NodeCondition> condition(Node node, String type) {
        return conditions(node).stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    /// `True`, `False`, `Unknown`; a node that never reported is `Unknown`.
    static String ready(Node node) {
        return condition(node, READY).map(NodeCondition::getStatus).orElse("Unknown");
    }

    static List<Taint> taints(Node node) {
        return node.getSpec() == null
                ? List.of()
                : Objects.requireNonNullElse(node.getSpec().getTaints(), List.of());
    }

    static boolean isUnschedulable(Node node) {
        return node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable());
    }

    /// Region and zone; nodes fail together within one.
    static String zone(Node node) {
        var labels = node.getMetadata().getLabels();
        return labels == null
                ? ""
                : labels.getOrDefault("topology.kubernetes.io/region", "") + ":"
                        + labels.getOrDefault("topology.kubernetes.io/zone", "");
    }
}
