package dev.kapal.scheduler.plugin;

import dev.kapal.scheduler.framework.ClusterEvent;
import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.framework.Verdict;
import dev.kapal.scheduler.snapshot.NodeState;
import dev.kapal.scheduler.snapshot.PodFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Leaves out nodes without room for what the pod asks for, and prefers the emptiest (`LeastAllocated`).
final class NodeResourcesFit implements Plugin.Filter, Plugin.Score {
    @Override
    public String name() {
        return "NodeResourcesFit";
    }

    @Override
    public Set<ClusterEvent> helpedBy() {
        return Set.of(
                ClusterEvent.NODE_ADDED,
                ClusterEvent.NODE_ALLOCATABLE_RAISED,
                ClusterEvent.PLACED_POD_GONE,
                ClusterEvent.PLACED_POD_SHRUNK,
                ClusterEvent.POD_CHANGED);
    }

    @Override
    public Verdict filter(PodFacts pod, NodeState node) {
        var asked = pod.requests();
        var offered = node.facts().allocatable();
        var taken = node.requested();
        boolean fits = node.pods().size() + 1 <= node.facts().pods()
                && fits(asked.milliCpu(), taken.milliCpu(), offered.milliCpu())
                && fits(asked.memory(), taken.memory(), offered.memory())
                && fits(asked.ephemeralStorage(), taken.ephemeralStorage(), offered.ephemeralStorage())
                && asked.scalars().isEmpty();
        return fits ? Verdict.PASS : shortages(pod, node);
    }

    /// All that is short, for the message.
    private static Verdict shortages(PodFacts pod, NodeState node) {
        var asked = pod.requests();
        var offered = node.facts().allocatable();
        var taken = node.requested();
        var found = new Shortages();
        if (node.pods().size() + 1 > node.facts().pods()) {
            found.reasons.add("Too many pods");
        }
        found.check("cpu", asked.milliCpu(), taken.milliCpu(), offered.milliCpu());
        found.check("memory", asked.memory(), taken.memory(), offered.memory());
        found.check(
                "ephemeral-storage", asked.ephemeralStorage(), taken.ephemeralStorage(), offered.ephemeralStorage());
        asked.scalars().forEach((name, amount) -> found.check(name, amount, taken.scalar(name), offered.scalar(name)));
        return found.reasons.isEmpty() ? Verdict.PASS : new Verdict.Reject(found.reasons, !found.beyondNode);
    }

    private static boolean fits(long asked, long taken, long offered) {
        return asked == 0 || asked <= offered - taken;
    }

    private static final class Shortages {
        final List<String> reasons = new ArrayList<>();
        /// The pod asks for more than the whole node has.
        boolean beyondNode;

        void check(String resource, long asked, long taken, long offered) {
            if (!fits(asked, taken, offered)) {
                reasons.add("Insufficient " + resource);
                beyondNode |= asked > offered;
            }
        }
    }

    /// The mean share of CPU and memory that stays free.
    @Override
    public long score(PodFacts pod, NodeState node) {
        var offered = node.facts().allocatable();
        var taken = node.assumed();
        var asked = pod.assumed();
        int counted = (offered.milliCpu() > 0 ? 1 : 0) + (offered.memory() > 0 ? 1 : 0);
        if (counted == 0) {
            return 0;
        }
        return (free(taken.milliCpu() + asked.milliCpu(), offered.milliCpu())
                        + free(taken.memory() + asked.memory(), offered.memory()))
                / counted;
    }

    private static long free(long taken, long offered) {
        return offered == 0 || taken > offered ? 0 : (offered - taken) * MAX / offered;
    }

    @Override
    public int weight() {
        return 1;
    }
}
