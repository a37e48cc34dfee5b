package dev.kapal.scheduler.plugin;

import dev.kapal.scheduler.framework.ClusterEvent;
import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.framework.Scope;
import dev.kapal.scheduler.framework.Verdict;
import dev.kapal.scheduler.snapshot.NodeState;
import dev.kapal.scheduler.snapshot.PodFacts;
import dev.kapal.scheduler.snapshot.Snapshot;
import java.util.Set;

/// Two pods cannot take the same host port.
final class NodePorts implements Plugin.PreFilter, Plugin.Filter {
    private static final Verdict REJECT = Verdict.reject("node(s) didn't have free ports for the requested pod ports");

    @Override
    public String name() {
        return "NodePorts";
    }

    @Override
    public Set<ClusterEvent> helpedBy() {
        return Set.of(ClusterEvent.NODE_ADDED, ClusterEvent.PLACED_POD_GONE);
    }

    @Override
    public Scope preFilter(PodFacts pod, Snapshot snapshot) {
        return pod.hostPorts().isEmpty() ? Scope.SKIP : Scope.EVERY_NODE;
    }

    @Override
    public Verdict filter(PodFacts pod, NodeState node) {
        for (var wanted : pod.hostPorts()) {
            for (var taken : node.ports()) {
                if (wanted.conflictsWith(taken)) {
                    return REJECT;
                }
            }
        }
        return Verdict.PASS;
    }
}
