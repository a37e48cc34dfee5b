package dev.kapal.controllers.node;

import dev.kapal.client.Key;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// When each node was last seen to report, by our own monotonic clock: the node's clock proves nothing, only that it
/// moved. Any thread; one node on one worker.
final class Heartbeats {
    private final Map<Key, Beat> beats = new ConcurrentHashMap<>();

    private record Beat(String lease, String status, long nanos) {}

    /// How long the node has been silent. A node seen for the first time counts as just heard: we may have been away.
    Duration silence(Node node, Optional<Lease> lease, long nanos) {
        String renewed = lease.map(known ->
                        known.getSpec() == null ? null : known.getSpec().getRenewTime())
                .map(Object::toString)
                .orElse("");
        String reported = NodeFacts.condition(node, NodeFacts.READY)
                .map(NodeCondition::getLastHeartbeatTime)
                .orElse("");
        var known = beats.get(Key.of(node));
        boolean heard = known == null
                || !renewed.isEmpty() && !renewed.equals(known.lease())
                || !Objects.equals(reported, known.status());
        if (heard) {
            beats.put(Key.of(node), new Beat(renewed, reported, nanos));
            return Duration.ZERO;
        }
        return Duration.ofNanos(nanos - known.nanos());
    }

    /// Whether the node was known before.
    boolean knows(Key node) {
        return beats.containsKey(node);
    }

    boolean forget(Key node) {
        return beats.remove(node) != null;
    }
}
