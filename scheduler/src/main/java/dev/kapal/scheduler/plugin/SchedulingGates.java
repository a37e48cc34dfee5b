package dev.kapal.scheduler.plugin;

import dev.kapal.scheduler.framework.ClusterEvent;
import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.framework.Verdict;
import dev.kapal.scheduler.snapshot.PodFacts;
import java.util.Set;

/// Keeps a pod out of the active queue while its `spec.schedulingGates` are there.
final class SchedulingGates implements Plugin.PreEnqueue {
    @Override
    public String name() {
        return "SchedulingGates";
    }

    @Override
    public Set<ClusterEvent> helpedBy() {
        return Set.of(ClusterEvent.POD_CHANGED);
    }

    @Override
    public Verdict preEnqueue(PodFacts pod) {
        var gates = pod.pod().getSpec().getSchedulingGates();
        if (gates == null || gates.isEmpty()) {
            return Verdict.PASS;
        }
        var names = gates.stream().map(gate -> gate.getName()).toList();
        return Verdict.rejectForGood("waiting for scheduling gates: [" + String.join(" ", names) + "]");
    }
}
