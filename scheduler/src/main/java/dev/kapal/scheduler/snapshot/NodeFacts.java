package dev.kapal.scheduler.snapshot;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Map;

/// What scheduling needs of a Node object. Immutable.
///
/// @param pods how many pods the node takes
public record NodeFacts(
        String name,
        Map<String, String> labels,
        List<Taint> taints,
        boolean unschedulable,
        Resources allocatable,
        long pods) {
    public NodeFacts {
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
    }

    public static NodeFacts of(Node node) {
        var spec = node.getSpec();
        var allocatable = node.getStatus() == null ? null : node.getStatus().getAllocatable();
        var labels = node.getMetadata().getLabels();
        return new NodeFacts(
                node.getMetadata().getName(),
                labels == null ? Map.of() : labels,
                spec == null || spec.getTaints() == null ? List.of() : spec.getTaints(),
                spec != null && Boolean.TRUE.equals(spec.getUnschedulable()),
                Resources.of(allocatable),
                Resources.pods(allocatable));
    }
}
