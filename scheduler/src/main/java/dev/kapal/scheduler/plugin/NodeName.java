package dev.kapal.scheduler.plugin;

import dev.kapal.scheduler.framework.ClusterEvent;
import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.framework.Verdict;
import dev.kapal.scheduler.snapshot.NodeState;
import dev.kapal.scheduler.snapshot.PodFacts;
import java.util.Set;

/// Only the node that `spec.nodeName` asks for.
final class NodeName implements Plugin.Filter {
    private static final Verdict REJECT = Verdict.rejectForGood("node(s) didn't match the requested node name");

    @Override
    public String name() {
        return "NodeName";
    }

    @Override
    public Set<ClusterEvent> helpedBy() {
        return Set.of(ClusterEvent.NODE_ADDED);
    }

    @Override
    public Verdict filter(PodFacts pod, NodeState node) {
        boolean wanted = pod.wantedNode().isEmpty() || pod.wantedNode().equals(node.name());
        return wanted ? Verdict.PASS : REJECT;
    }
}
