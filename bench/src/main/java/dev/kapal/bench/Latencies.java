package dev.kapal.bench;

import java.time.Duration;
import java.util.Arrays;

/// Durations of many like events, and what they say: percentiles and rate. One thread writes, then anybody reads.
final class Latencies {
    private long[] nanos = new long[1024];
    private int count;

    void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = duration;
    }

    void addAll(Latencies other) {
        for (int i = 0; i < other.count; i++) {
            add(other.nanos[i]);
        }
    }

    int count() {
        return count;
    }

    /// The duration that `share` (0 to 1) of the events did not pass.
    Duration percentile(double share) {
        if (count == 0) {
            return Duration.ZERO;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return Duration.ofNanos(sorted[
                (int) Math.min(count - 1, Math.ceil(share * count) - 1 < 0 ? 0 : Math.ceil(share * count) - 1)]);
    }

    static String milliseconds(Duration duration) {
        return "%.1f ms".formatted(duration.toNanos() / 1e6);
    }
}
