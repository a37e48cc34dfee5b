package dev.kapal.client;

import java.time.Duration;

/// Delays that double from a first to a longest one. Immutable; any thread.
public record Backoff(Duration first, Duration longest) {
    /// The back-off of a work queue, upstream's: 5 ms, 10 ms, … 1000 s.
    public static final Backoff QUEUE = new Backoff(Duration.ofMillis(5), Duration.ofSeconds(1000));

    /// The delay after `failures` earlier failures in a row.
    public Duration after(int failures) {
        if (failures >= 62 || first.toNanos() > longest.toNanos() >> failures) {
            return longest;
        }
        return first.multipliedBy(1L << failures);
    }
}
