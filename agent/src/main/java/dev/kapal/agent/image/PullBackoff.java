package dev.kapal.agent.image;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// When a pull that failed may be tried again: after 10 s, doubling up to five minutes; forgotten after ten. Any
/// thread.
///
/// Source: kubelet, image back-off.
final class PullBackoff {
    static final Duration FIRST = Duration.ofSeconds(10);
    static final Duration LONGEST = Duration.ofMinutes(5);

    /// Guarded by this.
    private final Map<String, Entry> entries = new HashMap<>();

    /// @param why what the last pull failed with
    private record Entry(Duration delay, Instant since, String why) {}

    /// Whether `key` has to wait.
    synchronized boolean isWaiting(String key, Instant now) {
        var entry = entries.get(key);
        return entry != null && now.isBefore(entry.since.plus(entry.delay));
    }

    /// What the last pull for `key` failed with; empty when none did.
    synchronized String why(String key) {
        var entry = entries.get(key);
        return entry == null ? "" : entry.why;
    }

    synchronized void failed(String key, Instant now, String why) {
        entries.values().removeIf(entry -> isForgotten(entry, now));
        var entry = entries.get(key);
        var doubled = entry == null ? FIRST : entry.delay.multipliedBy(2);
        entries.put(key, new Entry(doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled, now, why));
    }

    synchronized void succeeded(String key) {
        entries.remove(key);
    }

    private static boolean isForgotten(Entry entry, Instant now) {
        return entry.since.plus(LONGEST.multipliedBy(2)).isBefore(now);
    }
}
