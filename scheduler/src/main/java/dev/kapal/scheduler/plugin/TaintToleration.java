package dev.kapal.scheduler.plugin;

import dev.kapal.scheduler.framework.ClusterEvent;
import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.framework.Verdict;
import dev.kapal.scheduler.snapshot.NodeState;
import dev.kapal.scheduler.snapshot.PodFacts;
import java.util.Set;

/// Leaves out nodes with a taint that the pod does not tolerate, and prefers those with the fewest `PreferNoSchedule`.
final class TaintToleration implements Plugin.Filter, Plugin.Score {
    @Override
    public String name() {
        return "TaintToleration";
    }

    @Override
    public Set<ClusterEvent> helpedBy() {
        return Set.of(ClusterEvent.NODE_ADDED, ClusterEvent.NODE_TAINTS_CHANGED, ClusterEvent.POD_CHANGED);
    }

    @Override
    public Verdict filter(PodFacts pod, NodeState node) {
        var taints = node.facts().taints();
        if (taints.isEmpty()) {
            return Verdict.PASS;
        }
        return pod.tolerations()
                .firstUntolerated(taints)
                .<Verdict>map(taint -> Verdict.rejectForGood("node(s) had untolerated taint {" + taint.getKey() + ": "
                        + (taint.getValue() == null ? "" : taint.getValue()) + "}"))
                .orElse(Verdict.PASS);
    }

    @Override
    public long score(PodFacts pod, NodeState node) {
        var taints = node.facts().taints();
        return taints.isEmpty() ? 0 : pod.tolerations().countUnwelcome(taints);
    }

    @Override
    public int weight() {
        return 3;
    }

    @Override
    public void normalize(long[] scores) {
        Scores.scale(scores, true);
    }
}
