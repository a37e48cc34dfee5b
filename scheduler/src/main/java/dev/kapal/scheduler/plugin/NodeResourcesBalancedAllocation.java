package dev.kapal.scheduler.plugin;

import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.snapshot.NodeState;
import dev.kapal.scheduler.snapshot.PodFacts;
import java.util.List;

/// Prefers nodes whose CPU and memory are taken to the same degree.
final class NodeResourcesBalancedAllocation implements Plugin.PreScore, Plugin.Score {
    @Override
    public String name() {
        return "NodeResourcesBalancedAllocation";
    }

    /// A pod that asks for nothing changes no balance.
    @Override
    public boolean preScore(PodFacts pod, List<NodeState> feasible) {
        return !pod.requests().isNone();
    }

    @Override
    public long score(PodFacts pod, NodeState node) {
        var offered = node.facts().allocatable();
        if (offered.milliCpu() == 0 || offered.memory() == 0) {
            return MAX;
        }
        double cpu = share(node.requested().milliCpu() + pod.requests().milliCpu(), offered.milliCpu());
        double memory = share(node.requested().memory() + pod.requests().memory(), offered.memory());
        // The standard deviation of two shares is half their distance.
        return (long) ((1 - Math.abs(cpu - memory) / 2) * MAX);
    }

    private static double share(long taken, long offered) {
        return Math.min(1, (double) taken / offered);
    }

    @Override
    public int weight() {
        return 1;
    }
}
