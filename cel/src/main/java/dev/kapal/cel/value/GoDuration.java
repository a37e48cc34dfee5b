package dev.kapal.cel.value;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/// Durations as Go writes them: `1h30m`, `1.5s`, `-200ms`. Source: Go's `time` package.
public final class GoDuration {
    private static final Pattern PART = Pattern.compile("([0-9]*(?:\\.[0-9]*)?)(ns|us|µs|μs|ms|s|m|h)");
    private static final Map<String, Long> NANOS = Map.of(
            "ns",
            1L,
            "us",
            1_000L,
            "µs",
            1_000L,
            "μs",
            1_000L,
            "ms",
            1_000_000L,
            "s",
            1_000_000_000L,
            "m",
            60_000_000_000L,
            "h",
            3_600_000_000_000L);

    private GoDuration() {}

    /// Throws [IllegalArgumentException] for what is no duration.
    public static Duration parse(String text) {
        boolean negative = text.startsWith("-");
        var rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        var nanos = BigDecimal.ZERO;
        var part = PART.matcher(rest);
        int at = 0;
        while (at < rest.length()
                && part.find(at)
                && part.start() == at
                && part.group(1).chars().anyMatch(c -> c != '.')) {
            var number = part.group(1).startsWith(".") ? "0" + part.group(1) : part.group(1);
            var whole = number.endsWith(".") ? number + "0" : number;
            nanos = nanos.add(new BigDecimal(whole).multiply(BigDecimal.valueOf(NANOS.get(part.group(2)))));
            at = part.end();
        }
        if (at < rest.length() || rest.isEmpty() || nanos.toBigInteger().bitLength() >= Long.SIZE) {
            throw new IllegalArgumentException("time: invalid duration \"" + text + "\"");
        }
        return Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue());
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
