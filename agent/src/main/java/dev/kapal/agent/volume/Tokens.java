package dev.kapal.agent.volume;

import dev.kapal.base.time.Time;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The service account tokens of the pods on this node. A token is asked for anew when four fifths of its life are
/// over, after a day, or when the clock was set back. Any thread; blocks on the network.
///
/// Source: Kubernetes documentation, "ServiceAccount token volume projection".
final class Tokens {
    private static final Duration DEFAULT_TTL = Duration.ofHours(1);
    private static final Duration LONGEST_USE = Duration.ofHours(24);

    private record Key(String uid, Optional<String> audience, Duration ttl) {}

    /// A clock that shows a time before `asked` was set back, and a server whose clock was, too, does not take the
    /// token
    /// yet.
    private record Held(TokenRequests.Token token, Instant asked, Instant renew) {
        boolean isGood(Instant now) {
            return !now.isBefore(asked) && now.isBefore(renew);
        }
    }

    private final TokenRequests requests;
    private final Time time;
    private final Map<Key, Held> held = new ConcurrentHashMap<>();

    Tokens(TokenRequests requests, Time time) {
        this.requests = requests;
        this.time = time;
    }

    String of(Pod pod, String audience, Long ttlSeconds) throws InterruptedException {
        var key = new Key(
                pod.getMetadata().getUid(),
                Optional.ofNullable(audience).filter(text -> !text.isEmpty()),
                ttlSeconds == null ? DEFAULT_TTL : Duration.ofSeconds(ttlSeconds));
        var now = time.instant();
        var known = held.get(key);
        if (known != null && known.isGood(now)) {
            return known.token().value();
        }
        try {
            var fresh = requests.request(pod, key.audience(), key.ttl());
            held.put(key, new Held(fresh, now, renewal(now, fresh.expires())));
            return fresh.value();
        } catch (RuntimeException failure) {
            if (known != null && now.isBefore(known.token().expires())) {
                return known.token().value();
            }
            throw failure;
        }
    }

    void forget(String uid) {
        held.keySet().removeIf(key -> key.uid().equals(uid));
    }

    private static Instant renewal(Instant now, Instant expires) {
        var use = Duration.between(now, expires).multipliedBy(4).dividedBy(5);
        return now.plus(use.compareTo(LONGEST_USE) < 0 ? use : LONGEST_USE);
    }
}
