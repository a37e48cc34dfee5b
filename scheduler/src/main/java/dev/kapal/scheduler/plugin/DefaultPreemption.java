package dev.kapal.scheduler.plugin;

import dev.kapal.scheduler.framework.Diagnosis;
import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.framework.Remedy;
import dev.kapal.scheduler.framework.Verdict;
import dev.kapal.scheduler.snapshot.NodeState;
import dev.kapal.scheduler.snapshot.PodFacts;
import dev.kapal.scheduler.snapshot.Snapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Says whether removing pods of lower priority would make room. It does not remove any yet: without priority classes
/// all pods have the same priority, and then there is nobody to remove.
final class DefaultPreemption implements Plugin.PostFilter {
    private static final Verdict.Reject NO_VICTIMS =
            Verdict.rejectForGood("No preemption victims found for incoming pod");
    private static final Verdict.Reject NOT_HELPFUL = Verdict.rejectForGood("Preemption is not helpful for scheduling");

    @Override
    public String name() {
        return "DefaultPreemption";
    }

    @Override
    public Remedy postFilter(PodFacts pod, Snapshot snapshot, Diagnosis diagnosis) {
        if ("Never".equals(pod.pod().getSpec().getPreemptionPolicy())) {
            return Remedy.none("preemption: not eligible due to preemptionPolicy=Never.");
        }
        Map<String, Verdict.Reject> verdicts = new HashMap<>();
        for (NodeState node : snapshot.nodes()) {
            var reject = diagnosis.of(node.name());
            if (reject.resolvable()) {
                verdicts.put(node.name(), hasVictims(pod, node) ? reject : NO_VICTIMS);
            }
        }
        var told = new Diagnosis(snapshot.size(), verdicts, NOT_HELPFUL, "", Set.of());
        return Remedy.none("preemption: " + told.message());
    }

    private static boolean hasVictims(PodFacts pod, NodeState node) {
        return node.pods().stream().anyMatch(other -> other.priority() < pod.priority());
    }
}
