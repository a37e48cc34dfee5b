package dev.kapal.scheduler;

import dev.kapal.scheduler.framework.Diagnosis;
import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.framework.Profile;
import dev.kapal.scheduler.framework.Scope;
import dev.kapal.scheduler.framework.Verdict;
import dev.kapal.scheduler.snapshot.NodeState;
import dev.kapal.scheduler.snapshot.PodFacts;
import dev.kapal.scheduler.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Chooses a node for a pod: a snapshot in, a node or the reasons out, and nothing is changed. Runs on the scheduling
/// thread; the only thing it remembers is where to go on looking, so that every node gets its turn.
///
/// In a large cluster it stops looking once it has found enough nodes that fit. Source: Kubernetes docs, "Scheduler
/// Performance Tuning", percentageOfNodesToScore.
final class Decider {
    private static final int FEW_NODES = 100;
    private static final int LEAST_PERCENT = 5;

    private final Profile profile;
    private final RandomGenerator random;
    private int start;

    Decider(Profile profile, RandomGenerator random) {
        this.profile = profile;
        this.random = random;
    }

    Decision decide(PodFacts pod, Snapshot snapshot) {
        if (snapshot.size() == 0) {
            return new Decision.NoFit("no nodes available to schedule pods", Set.of());
        }
        var search = new Search(pod, snapshot);
        search.preFilter();
        if (search.preFilterMessage.isEmpty()) {
            search.filter();
        }
        if (search.feasible.isEmpty()) {
            return noFit(pod, snapshot, search.diagnosis());
        }
        var best = search.feasible.size() == 1 ? search.feasible.getFirst() : best(pod, search.feasible);
        return new Decision.Place(best.name(), search.evaluated, search.feasible.size());
    }

    /// How many nodes that fit are enough, of `nodes` in all.
    static int enough(int nodes) {
        if (nodes < FEW_NODES) {
            return nodes;
        }
        int percent = Math.max(LEAST_PERCENT, 50 - nodes / 125);
        return Math.max(FEW_NODES, (int) ((long) nodes * percent / 100));
    }

    private Decision noFit(PodFacts pod, Snapshot snapshot, Diagnosis diagnosis) {
        var remedies = new ArrayList<String>();
        for (var plugin : profile.postFilter()) {
            var remedy = plugin.postFilter(pod, snapshot, diagnosis);
            if (!remedy.message().isEmpty()) {
                remedies.add(remedy.message());
            }
        }
        String told = remedies.isEmpty() ? "" : " " + String.join(", ", remedies);
        return new Decision.NoFit(diagnosis.message() + told, diagnosis.plugins());
    }

    private NodeState best(PodFacts pod, List<NodeState> feasible) {
        long[] totals = new long[feasible.size()];
        for (var plugin : profile.score()) {
            boolean skipped = plugin instanceof Plugin.PreScore before && !before.preScore(pod, feasible);
            if (!skipped) {
                add(plugin, pod, feasible, totals);
            }
        }
        return feasible.get(largest(totals));
    }

    private static void add(Plugin.Score plugin, PodFacts pod, List<NodeState> feasible, long[] totals) {
        long[] scores = new long[totals.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = plugin.score(pod, feasible.get(i));
        }
        plugin.normalize(scores);
        for (int i = 0; i < scores.length; i++) {
            totals[i] += scores[i] * plugin.weight();
        }
    }

    /// The place of the largest, any of them with the same chance when there are several.
    private int largest(long[] totals) {
        int at = 0;
        int equals = 1;
        for (int i = 1; i < totals.length; i++) {
            if (totals[i] > totals[at]) {
                at = i;
                equals = 1;
            } else if (totals[i] == totals[at] && random.nextInt(++equals) == 0) {
                at = i;
            }
        }
        return at;
    }

    /// One pod's way past the nodes.
    private final class Search {
        private final PodFacts pod;
        private final Snapshot snapshot;
        private final List<Plugin.Filter> filters = new ArrayList<>(profile.filter());
        private final Set<String> plugins = new HashSet<>();
        private final Map<String, Verdict.Reject> rejected = new HashMap<>();
        private final List<NodeState> feasible = new ArrayList<>();
        private final Set<String> narrowing = new TreeSet<>();
        private Optional<Set<String>> only = Optional.empty();
        private String preFilterMessage = "";
        private int evaluated;

        Search(PodFacts pod, Snapshot snapshot) {
            this.pod = pod;
            this.snapshot = snapshot;
        }

        void preFilter() {
            for (var plugin : profile.preFilter()) {
                switch (plugin.preFilter(pod, snapshot)) {
                    case Scope.EveryNode everyNode -> {}
                    case Scope.Skip skip -> filters.remove(plugin);
                    case Scope.Only(Set<String> nodes) -> narrow(plugin, nodes);
                    case Scope.Rejected(Verdict.Reject why) -> {
                        plugins.add(plugin.name());
                        preFilterMessage = String.join(", ", why.reasons());
                        return;
                    }
                }
            }
            if (only.isPresent() && only.get().isEmpty()) {
                plugins.addAll(narrowing);
                preFilterMessage =
                        "node(s) didn't satisfy plugin(s) [" + String.join(" ", narrowing) + "] simultaneously";
            }
        }

        private void narrow(Plugin plugin, Set<String> nodes) {
            narrowing.add(plugin.name());
            var both = new HashSet<>(nodes);
            only.ifPresent(both::retainAll);
            only = Optional.of(both);
        }

        void filter() {
            int nodes = snapshot.size();
            int wanted = enough(nodes);
            int at = start % nodes;
            for (int i = 0; i < nodes && feasible.size() < wanted; i++) {
                visit(snapshot.nodes().get(at));
                at = at + 1 == nodes ? 0 : at + 1;
            }
            start = at;
        }

        private void visit(NodeState node) {
            if (only.isPresent() && !only.get().contains(node.name())) {
                return;
            }
            evaluated++;
            for (var plugin : filters) {
                if (plugin.filter(pod, node) instanceof Verdict.Reject reject) {
                    rejected.put(node.name(), reject);
                    plugins.add(plugin.name());
                    return;
                }
            }
            feasible.add(node);
        }

        Diagnosis diagnosis() {
            plugins.addAll(narrowing);
            var others =
                    Verdict.rejectForGood("node(s) didn't satisfy plugin(s) [" + String.join(" ", narrowing) + "]");
            return new Diagnosis(snapshot.size(), rejected, others, preFilterMessage, Set.copyOf(plugins));
        }
    }
}
