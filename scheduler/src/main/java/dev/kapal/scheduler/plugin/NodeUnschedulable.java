package dev.kapal.scheduler.plugin;

import dev.kapal.scheduler.framework.ClusterEvent;
import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.framework.Verdict;
import dev.kapal.scheduler.snapshot.NodeState;
import dev.kapal.scheduler.snapshot.PodFacts;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Set;

/// Leaves out cordoned nodes, unless the pod tolerates the taint that stands for that.
final class NodeUnschedulable implements Plugin.Filter {
    private static final List<Taint> CORDONED =
            List.of(new Taint("NoSchedule", "node.kubernetes.io/unschedulable", null, ""));
    private static final Verdict REJECT = Verdict.rejectForGood("node(s) were unschedulable");

    @Override
    public String name() {
        return "NodeUnschedulable";
    }

    @Override
    public Set<ClusterEvent> helpedBy() {
        return Set.of(ClusterEvent.NODE_ADDED, ClusterEvent.NODE_TAINTS_CHANGED, ClusterEvent.POD_CHANGED);
    }

    @Override
    public Verdict filter(PodFacts pod, NodeState node) {
        boolean open = !node.facts().unschedulable()
                || pod.tolerations().firstUntolerated(CORDONED).isEmpty();
        return open ? Verdict.PASS : REJECT;
    }
}
