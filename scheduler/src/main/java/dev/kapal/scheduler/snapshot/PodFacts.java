package dev.kapal.scheduler.snapshot;

import dev.kapal.client.Key;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What scheduling needs of a pod, worked out once. Immutable.
///
/// @param requests what it is guaranteed
/// @param assumed what scoring counts for it
/// @param required the node affinity that must hold
/// @param preferred node affinities that would be nice
public record PodFacts(
        Pod pod,
        Key key,
        String uid,
        int priority,
        Resources requests,
        Resources assumed,
        Set<HostPort> hostPorts,
        Map<String, String> nodeSelector,
        Optional<NodeMatch> required,
        List<Preference> preferred,
        Tolerations tolerations,
        String wantedNode) {

    /// A node affinity that adds `weight` to a node's score.
    public record Preference(int weight, NodeMatch match) {}

    public PodFacts {
        nodeSelector = Map.copyOf(nodeSelector);
        preferred = List.copyOf(preferred);
    }

    public static PodFacts of(Pod pod) {
        PodSpec spec = pod.getSpec();
        var affinity = Optional.ofNullable(spec.getAffinity()).map(Affinity::getNodeAffinity);
        return new PodFacts(
                pod,
                Key.of(pod),
                pod.getMetadata().getUid(),
                spec.getPriority() == null ? 0 : spec.getPriority(),
                PodRequests.of(spec),
                PodRequests.assumed(spec),
                HostPort.of(spec),
                spec.getNodeSelector() == null ? Map.of() : spec.getNodeSelector(),
                affinity.map(a -> a.getRequiredDuringSchedulingIgnoredDuringExecution())
                        .map(NodeMatch::of),
                affinity.map(a -> a.getPreferredDuringSchedulingIgnoredDuringExecution()).orElse(List.of()).stream()
                        .map(term -> new Preference(term.getWeight(), NodeMatch.of(term.getPreference())))
                        .toList(),
                new Tolerations(spec.getTolerations() == null ? List.of() : spec.getTolerations()),
                spec.getNodeName() == null ? "" : spec.getNodeName());
    }
}
