package dev.kapal.apiserver.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Whom events are sent to, and how, as `--audit-webhook-*` say.
///
/// @param kubeconfig names the server and the credentials
/// @param initialBackoff before the second attempt; the following ones wait half as long again each time
/// @param batching counts for [Mode#BATCH] only
public record AuditWebhookConfig(Path kubeconfig, Mode mode, Duration initialBackoff, Batching batching) {
    /// How requests and events have to do with each other.
    public enum Mode {
        /// Requests go on; events are sent later, many at once. When there is no room for one it is lost.
        BATCH,
        /// Requests wait until their events are sent; if they cannot be, they go on all the same.
        BLOCKING,
        /// As [#BLOCKING], but a request whose arrival cannot be told is refused.
        BLOCKING_STRICT
    }

    /// @param bufferSize how many events may wait
    /// @param maxSize that many are sent at once, at most
    /// @param maxWait fewer are sent after this
    /// @param throttle empty: as fast as they come
    public record Batching(int bufferSize, int maxSize, Duration maxWait, Optional<Throttle> throttle) {
        /// Upstream's.
        public static final Batching DEFAULT =
                new Batching(10_000, 400, Duration.ofSeconds(30), Optional.of(new Throttle(10, 15)));

        public Batching {
            requirePositive("buffer size", bufferSize);
            requirePositive("max batch size", maxSize);
            if (!maxWait.isPositive()) {
                throw new IllegalArgumentException(
                        "invalid audit batch webhook max batch wait " + maxWait + ", must be a positive duration");
            }
        }
    }

    /// @param qps batches per second on average
    /// @param burst that many at once after a quiet time
    public record Throttle(float qps, int burst) {
        public Throttle {
            requirePositive("throttle QPS", qps);
            requirePositive("throttle burst", burst);
        }
    }

    private static void requirePositive(String what, float value) {
        if (!(value > 0)) {
            String shown = value == (int) value ? String.valueOf((int) value) : String.valueOf(value);
            throw new IllegalArgumentException(
                    "invalid audit batch webhook " + what + " " + shown + ", must be a positive number");
        }
    }
}
