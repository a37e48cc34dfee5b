package dev.kapal.controllers.node;

import dev.kapal.controllers.workload.Times;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The conditions and taints a node should have. Pure.
///
/// Source: Kubernetes documentation, "Nodes" (heartbeats, conditions), "Taints and Tolerations" (taint based evictions,
/// taint nodes by condition).
final class NodeJudgement {
    static final String NOT_READY = "node.kubernetes.io/not-ready";
    static final String UNREACHABLE = "node.kubernetes.io/unreachable";

    private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

    /// What an agent reports; the network condition is not its own.
    private static final List<String> REPORTED = List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

    private static final Map<String, String> PRESSURES = Map.of(
            "MemoryPressure", "node.kubernetes.io/memory-pressure",
            "DiskPressure", "node.kubernetes.io/disk-pressure",
            "PIDPressure", "node.kubernetes.io/pid-pressure",
            "NetworkUnavailable", "node.kubernetes.io/network-unavailable");

    private static final Set<String> BY_CONDITION = Set.of(
            NOT_READY,
            UNREACHABLE,
            UNSCHEDULABLE,
            "node.kubernetes.io/memory-pressure",
            "node.kubernetes.io/disk-pressure",
            "node.kubernetes.io/pid-pressure",
            "node.kubernetes.io/network-unavailable");

    private NodeJudgement() {}

    /// The conditions of a node whose agent has been silent for too long.
    static List<NodeCondition> silent(Node node, Instant now) {
        var conditions = new ArrayList<NodeCondition>();
        for (NodeCondition condition : NodeFacts.conditions(node)) {
            boolean unknown = condition.getStatus().equals("Unknown");
            conditions.add(
                    unknown || !REPORTED.contains(condition.getType())
                            ? condition
                            : new NodeConditionBuilder(condition)
                                    .withStatus("Unknown")
                                    .withReason("NodeStatusUnknown")
                                    .withMessage("Kubelet stopped posting node status.")
                                    .withLastTransitionTime(Times.text(now))
                                    .build());
        }
        for (String type : REPORTED) {
            if (NodeFacts.condition(node, type).isEmpty()) {
                conditions.add(new NodeConditionBuilder()
                        .withType(type)
                        .withStatus("Unknown")
                        .withReason("NodeStatusNeverUpdated")
                        .withMessage("Kubelet never posted node status.")
                        .withLastHeartbeatTime(node.getMetadata().getCreationTimestamp())
                        .withLastTransitionTime(Times.text(now))
                        .build());
            }
        }
        return conditions;
    }

    /// The taints by which the scheduler leaves the node alone; other taints stay as they are.
    static List<Taint> unschedulable(Node node) {
        var wanted = new ArrayList<String>();
        Optional<NodeCondition> ready = NodeFacts.condition(node, NodeFacts.READY);
        if (ready.isPresent() && ready.get().getStatus().equals("False")) {
            wanted.add(NOT_READY);
        } else if (ready.isPresent() && ready.get().getStatus().equals("Unknown")) {
            wanted.add(UNREACHABLE);
        }
        for (NodeCondition condition : NodeFacts.conditions(node)) {
            if (PRESSURES.containsKey(condition.getType())
                    && condition.getStatus().equals("True")) {
                wanted.add(PRESSURES.get(condition.getType()));
            }
        }
        if (NodeFacts.isUnschedulable(node)) {
            wanted.add(UNSCHEDULABLE);
        }
        return with(node, "NoSchedule", BY_CONDITION, wanted, Optional.empty());
    }

    /// The taints by which pods are evicted, on top of `taints`.
    ///
    /// @param key the one to set, or empty for none
    static List<Taint> evicting(Node node, Optional<String> key, Instant now) {
        return with(
                node, "NoExecute", Set.of(NOT_READY, UNREACHABLE), key.stream().toList(), Optional.of(now));
    }

    /// Which eviction taint the node's state asks for.
    static Optional<String> evictionTaint(Node node) {
        if (NodeFacts.condition(node, NodeFacts.READY).isEmpty()) {
            return Optional.empty(); // not even marked yet
        }
        return switch (NodeFacts.ready(node)) {
            case "True" -> Optional.empty();
            case "False" -> Optional.of(NOT_READY);
            default -> Optional.of(UNREACHABLE);
        };
    }

    private static List<Taint> with(
            Node node, String effect, Set<String> ours, List<String> wanted, Optional<Instant> added) {
        var taints = new ArrayList<Taint>();
        var missing = new ArrayList<>(wanted);
        for (Taint taint : NodeFacts.taints(node)) {
            boolean managed = effect.equals(taint.getEffect()) && ours.contains(taint.getKey());
            if (!managed || missing.remove(taint.getKey())) {
                taints.add(taint);
            }
        }
        for (String key : missing) {
            taints.add(new TaintBuilder()
                    .withKey(key)
                    .withEffect(effect)
                    .withTimeAdded(added.map(Times::text).orElse(null))
                    .build());
        }
        return taints;
    }
}
