package dev.kapal.base.log;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/// Lets the first line of each kind through in any minute and counts the others: what a stranger can cause as often
/// as he likes must not fill the log. The kinds are few. Any thread.
final class Repeats {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /// Guarded by this.
    private final Map<String, Seen> seen = new HashMap<>();

    private static final class Seen {
        private Instant until = Instant.MIN;
        private int left;
    }

    /// How many lines of this kind were left out since the last one; empty when this one is left out, too.
    synchronized OptionalInt admit(String kind, Instant now) {
        var before = seen.computeIfAbsent(kind, unseen -> new Seen());
        if (now.isBefore(before.until)) {
            before.left++;
            return OptionalInt.empty();
        }
        int left = before.left;
        before.left = 0;
        before.until = now.plus(INTERVAL);
        return OptionalInt.of(left);
    }
}
