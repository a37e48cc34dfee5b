package dev.kapal.cel.value;

import java.math.BigDecimal;
import java.time.Duration;

/// Durations as Go writes them: `1h30m`, `1.5s`, `-200ms`. Source: Go's `time` package.
public final class GoDuration {
    private GoDuration() {}

    /// Throws [IllegalArgumentException] for what is no duration.
    public static Duration parse(String text) {
        return dev.kapal.model.schedule.GoDuration.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("time: invalid duration \"" + text + "\""));
    }

    /// The usual form: `1h30m0s`, `1.5s`, `200ms`.
    public static String text(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.isNegative()) {
            return "-" + text(duration.negated());
        }
        long nanos = duration.toNanos();
        if (nanos < 1_000L) {
            return nanos + "ns";
        }
        if (nanos < 1_000_000L) {
            return plain(nanos, 3) + "µs";
        }
        if (nanos < 1_000_000_000L) {
            return plain(nanos, 6) + "ms";
        }
        var seconds = plain(nanos % 60_000_000_000L, 9) + "s";
        long minutes = duration.toMinutes();
        if (minutes == 0) {
            return seconds;
        }
        return minutes >= 60 ? minutes / 60 + "h" + minutes % 60 + "m" + seconds : minutes + "m" + seconds;
    }

    private static String plain(long nanos, int scale) {
        return BigDecimal.valueOf(nanos, scale).stripTrailingZeros().toPlainString();
    }
}
