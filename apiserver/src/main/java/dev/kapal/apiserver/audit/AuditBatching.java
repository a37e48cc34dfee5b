package dev.kapal.apiserver.audit;

import java.time.Duration;
import java.util.Optional;

/// How events gather in [AuditMode#BATCH].
///
/// @param bufferSize how many events may wait
/// @param maxSize that many leave at once, at most
/// @param maxWait fewer leave after this; zero: what there is leaves at once
/// @param throttle empty: as fast as they come
public record AuditBatching(int bufferSize, int maxSize, Duration maxWait, Optional<Throttle> throttle) {
    /// Upstream's for other servers.
    public static final AuditBatching OF_WEBHOOK =
            new AuditBatching(10_000, 400, Duration.ofSeconds(30), Optional.of(new Throttle(10, 15)));

    /// Upstream's for a file.
    public static final AuditBatching OF_LOG = new AuditBatching(10_000, 1, Duration.ZERO, Optional.empty());

    /// @param qps batches per second on average
    /// @param burst that many at once after a quiet time
    public record Throttle(float qps, int burst) {}

    /// @param plugin `log` or `webhook`
    /// @throws IllegalArgumentException with upstream's words, when it makes no sense
    void check(String plugin) {
        requirePositive(plugin, "buffer size", bufferSize);
        requirePositive(plugin, "max batch size", maxSize);
        throttle.ifPresent(limit -> {
            requirePositive(plugin, "throttle QPS", limit.qps());
            requirePositive(plugin, "throttle burst", limit.burst());
        });
    }

    private static void requirePositive(String plugin, String what, float value) {
        if (!(value > 0)) {
            String shown = value == (int) value ? String.valueOf((int) value) : String.valueOf(value);
            throw new IllegalArgumentException(
                    "invalid audit batch " + plugin + " " + what + " " + shown + ", must be a positive number");
        }
    }
}
