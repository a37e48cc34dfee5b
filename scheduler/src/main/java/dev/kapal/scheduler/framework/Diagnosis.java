package dev.kapal.scheduler.framework;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Why a pod fits nowhere. Immutable.
///
/// @param total how many nodes there are
/// @param rejected the verdict on each node that was filtered
/// @param others the verdict on all nodes that were not, if there are any
/// @param preFilter the message when no node was filtered at all, or empty
/// @param plugins who rejected
public record Diagnosis(
        int total, Map<String, Verdict.Reject> rejected, Verdict.Reject others, String preFilter, Set<String> plugins) {
    /// The verdict on a node.
    public Verdict.Reject of(String node) {
        return rejected.getOrDefault(node, others);
    }

    /// Upstream's sentence, without what PostFilter adds:
    /// `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.`
    public String message() {
        String head = "0/" + total + " nodes are available";
        if (!preFilter.isEmpty()) {
            return head + ": " + preFilter + ".";
        }
        var counts = new TreeMap<String, Integer>();
        rejected.values().forEach(reject -> count(reject, 1, counts));
        if (rejected.size() < total) {
            count(others, total - rejected.size(), counts);
        }
        // Sorted as whole words, number first, as upstream does.
        String reasons = counts.entrySet().stream()
                .map(reason -> reason.getValue() + " " + reason.getKey())
                .sorted()
                .collect(Collectors.joining(", "));
        return reasons.isEmpty() ? head : head + ": " + reasons + ".";
    }

    private static void count(Verdict.Reject reject, int nodes, Map<String, Integer> counts) {
        reject.reasons().forEach(reason -> counts.merge(reason, nodes, Integer::sum));
    }
}
