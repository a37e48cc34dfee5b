package dev.kapal.scheduler.plugin;

import dev.kapal.scheduler.framework.ClusterEvent;
import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.framework.Scope;
import dev.kapal.scheduler.framework.Verdict;
import dev.kapal.scheduler.snapshot.NodeMatch;
import dev.kapal.scheduler.snapshot.NodeState;
import dev.kapal.scheduler.snapshot.PodFacts;
import dev.kapal.scheduler.snapshot.Snapshot;
import java.util.List;
import java.util.Set;

/// `spec.nodeSelector` and node affinity: what is required filters, what is preferred scores.
final class NodeAffinity implements Plugin.PreFilter, Plugin.Filter, Plugin.PreScore, Plugin.Score {
    private static final Verdict REJECT = Verdict.rejectForGood("node(s) didn't match Pod's node affinity/selector");
    private static final Scope CONFLICT = new Scope.Rejected(Verdict.rejectForGood("pod affinity terms conflict"));

    @Override
    public String name() {
        return "NodeAffinity";
    }

    @Override
    public Set<ClusterEvent> helpedBy() {
        return Set.of(ClusterEvent.NODE_ADDED, ClusterEvent.NODE_LABELS_CHANGED, ClusterEvent.POD_CHANGED);
    }

    @Override
    public Scope preFilter(PodFacts pod, Snapshot snapshot) {
        if (pod.required().isEmpty() && pod.nodeSelector().isEmpty()) {
            return Scope.SKIP;
        }
        var names = pod.required().flatMap(NodeMatch::names);
        if (names.isEmpty()) {
            return Scope.EVERY_NODE;
        }
        return names.get().isEmpty() ? CONFLICT : new Scope.Only(names.get());
    }

    @Override
    public Verdict filter(PodFacts pod, NodeState node) {
        var facts = node.facts();
        for (var label : pod.nodeSelector().entrySet()) {
            if (!label.getValue().equals(facts.labels().get(label.getKey()))) {
                return REJECT;
            }
        }
        return pod.required().isEmpty() || pod.required().get().matches(facts) ? Verdict.PASS : REJECT;
    }

    @Override
    public boolean preScore(PodFacts pod, List<NodeState> feasible) {
        return !pod.preferred().isEmpty();
    }

    @Override
    public long score(PodFacts pod, NodeState node) {
        long sum = 0;
        for (var preference : pod.preferred()) {
            if (preference.match().matches(node.facts())) {
                sum += preference.weight();
            }
        }
        return sum;
    }

    @Override
    public int weight() {
        return 2;
    }

    @Override
    public void normalize(long[] scores) {
        Scores.scale(scores, false);
    }
}
