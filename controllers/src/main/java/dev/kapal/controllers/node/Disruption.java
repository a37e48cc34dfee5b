package dev.kapal.controllers.node;

import io.fabric8.kubernetes.api.model.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How fast pods may be evicted from failing nodes: one node in ten seconds per zone, slower or not at all where more
/// than half of a zone fails at once, for then the fault is rather with us. Any thread.
///
/// When no node at all is ready, nothing is evicted: there is no better place, and most likely it is we who are cut
/// off.
final class Disruption {
    private static final Duration NORMAL = Duration.ofSeconds(10);
    private static final Duration SLOW = Duration.ofSeconds(100);
    private static final double UNHEALTHY = 0.55;
    private static final int LARGE = 50;

    /// When the next node of a zone may be tainted. Guarded by itself.
    private final Map<String, Instant> next = new HashMap<>();

    /// Between two nodes of the zone that `node` is in; empty: not now.
    static Optional<Duration> pace(Node node, Collection<Node> all) {
        if (all.stream().noneMatch(Disruption::isReady)) {
            return Optional.empty();
        }
        String zone = NodeFacts.zone(node);
        List<Node> neighbours =
                all.stream().filter(other -> NodeFacts.zone(other).equals(zone)).toList();
        long failed = neighbours.stream().filter(other -> !isReady(other)).count();
        boolean partly = failed > 2 && failed < neighbours.size() && failed >= UNHEALTHY * neighbours.size();
        if (!partly) {
            return Optional.of(NORMAL);
        }
        return neighbours.size() > LARGE ? Optional.of(SLOW) : Optional.empty();
    }

    /// Zero when the node may be tainted now; otherwise how long to wait.
    Duration takeTurn(String zone, Duration pace, Instant now) {
        synchronized (next) {
            var due = next.getOrDefault(zone, Instant.MIN);
            if (now.isBefore(due)) {
                return Duration.between(now, due);
            }
            next.put(zone, now.plus(pace));
            return Duration.ZERO;
        }
    }

    static boolean isReady(Node node) {
        return NodeFacts.ready(node).equals("True");
    }
}
