package dev.kapal.agent.volume;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Asks the API server for tokens of service accounts that live as long as a pod. Any thread; blocks on the network.
@FunctionalInterface
public interface TokenRequests {
    /// `audience` is the API server's own when empty.
    Token request(Pod pod, Optional<String> audience, Duration ttl) throws InterruptedException;

    record Token(String value, Instant expires) {}
}
