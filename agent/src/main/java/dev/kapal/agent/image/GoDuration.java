package dev.kapal.agent.image;

import java.math.BigDecimal;
import java.time.Duration;

/// Writes durations as Go does, to the millisecond: `0s`, `850ms`, `1.5s`, `2m0.25s`.
final class GoDuration {
    private static final long SECOND = 1_000;

    private GoDuration() {}

    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        if (millis < SECOND) {
            return millis + "ms";
        }
        long minutes = millis / (60 * SECOND);
        long hours = minutes / 60;
        var seconds = BigDecimal.valueOf(millis % (60 * SECOND), 3)
                        .stripTrailingZeros()
                        .toPlainString() + "s";
        if (hours > 0) {
            return hours + "h" + minutes % 60 + "m" + seconds;
        }
        return minutes > 0 ? minutes + "m" + seconds : seconds;
    }
}
