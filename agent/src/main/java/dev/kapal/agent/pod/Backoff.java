package dev.kapal.agent.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// When a container that ended may start again: at once the first time, then 10 s after its end, doubling up to five
/// minutes; one that ran for ten minutes begins anew. One pod's worker only.
///
/// Source: Pod API, "Container restart policy".
final class Backoff {
    static final Duration FIRST = Duration.ofSeconds(10);
    static final Duration LONGEST = Duration.ofMinutes(5);
    static final Duration RESET = Duration.ofMinutes(10);

    private record Entry(Duration delay, Instant since) {}

    private final Map<String, Entry> entries = new HashMap<>();

    /// The delay and how long of it is left, for a container that ended at `finished`; empty when it may start.
    Optional<Wait> pending(String container, Instant finished, Instant now) {
        var entry = entries.get(container);
        if (entry == null || isOver(entry, finished)) {
            return Optional.empty();
        }
        var left = Duration.between(now, finished.plus(entry.delay()));
        return left.isPositive() ? Optional.of(new Wait(entry.delay(), left)) : Optional.empty();
    }

    record Wait(Duration delay, Duration left) {}

    /// Notes that the container that ended at `finished` starts again.
    void restarted(String container, Instant finished, Instant now) {
        var entry = entries.get(container);
        Duration next;
        if (entry == null || isOver(entry, finished)) {
            next = FIRST;
        } else {
            var doubled = entry.delay().multipliedBy(2);
            next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        }
        entries.put(container, new Entry(next, now));
    }

    /// Takes over a container that an earlier agent has restarted: its delay follows from how often that was.
    void adopt(ObservedContainer container) {
        if (container.restartCount() == 0 || entries.containsKey(container.name())) {
            return;
        }
        long doublings = Math.min(container.restartCount() - 1, 5);
        var delay = FIRST.multipliedBy(1L << doublings);
        entries.put(container.name(), new Entry(delay.compareTo(LONGEST) > 0 ? LONGEST : delay, container.startedAt()));
    }

    private static boolean isOver(Entry entry, Instant finished) {
        return Duration.between(entry.since(), finished).compareTo(RESET) > 0;
    }
}
