package dev.kapal.agent.node;

import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// The conditions that a node reports of itself. Pure.
///
/// Source: Kubernetes documentation, "Node conditions"; the thresholds are the default hard eviction thresholds, except
/// that a large disk counts as full only when less than 1 GiB is left.
final class NodeConditions {
    static final String READY = "Ready";

    private static final long LEAST_MEMORY = 100L << 20;
    private static final long LEAST_DISK = 1L << 30;
    private static final long LEAST_PIDS = 100;

    private NodeConditions() {}

    /// `old` keeps the time of the last transition.
    static List<NodeCondition> of(NodeHealth health, List<NodeCondition> old, Instant now) {
        boolean lowMemory = health.freeMemory() < LEAST_MEMORY;
        boolean lowDisk = health.freeDisk() < Math.min(LEAST_DISK, health.disk() / 10);
        boolean lowPids = health.freePids() < LEAST_PIDS;
        var made = new Maker(old, now);
        return List.of(
                lowMemory
                        ? made.condition(
                                "MemoryPressure",
                                true,
                                "KubeletHasInsufficientMemory",
                                "kubelet has insufficient memory available")
                        : made.condition(
                                "MemoryPressure",
                                false,
                                "KubeletHasSufficientMemory",
                                "kubelet has sufficient memory available"),
                lowDisk
                        ? made.condition("DiskPressure", true, "KubeletHasDiskPressure", "kubelet has disk pressure")
                        : made.condition(
                                "DiskPressure", false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                lowPids
                        ? made.condition(
                                "PIDPressure",
                                true,
                                "KubeletHasInsufficientPID",
                                "kubelet has insufficient PID available")
                        : made.condition(
                                "PIDPressure",
                                false,
                                "KubeletHasSufficientPID",
                                "kubelet has sufficient PID available"),
                health.troubles().isEmpty()
                        ? made.condition(READY, true, "KubeletReady", "kubelet is posting ready status")
                        : made.condition(READY, false, "KubeletNotReady", joined(health.troubles())));
    }

    private static String joined(List<String> troubles) {
        return troubles.size() == 1 ? troubles.getFirst() : "[" + String.join(", ", troubles) + "]";
    }

    private record Maker(List<NodeCondition> old, Instant now) {
        NodeCondition condition(String type, boolean holds, String reason, String message) {
            var status = holds ? "True" : "False";
            var at = now.truncatedTo(ChronoUnit.SECONDS).toString();
            var since = old.stream()
                    .filter(c -> type.equals(c.getType()) && status.equals(c.getStatus()))
                    .map(NodeCondition::getLastTransitionTime)
                    .findFirst()
                    .orElse(at);
            return new NodeConditionBuilder()
                    .withType(type)
                    .withStatus(status)
                    .withReason(reason)
                    .withMessage(message)
                    .withLastHeartbeatTime(at)
                    .withLastTransitionTime(since)
                    .build();
        }
    }
}
