package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// Values such as `1` and `25%`.
public final class IntOrPercent {
    private static final Pattern PERCENT = Pattern.compile("[0-9]+%");

    private IntOrPercent() {}

    public static void checkNotNegative(String path, JsonNode value, Problems problems) {
        if (value.isTextual()) {
            if (!PERCENT.matcher(value.asText()).matches()) {
                problems.invalid(
                        path,
                        value.asText(),
                        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or"
                                + " '93%', regex used for validation is '[0-9]+%')");
            }
        } else if (value.isNumber()) {
            problems.notNegative(path, value.asLong());
        }
    }

    public static boolean isZero(JsonNode value) {
        return value.isNumber() ? value.asLong() == 0 : percent(value).orElse(-1) == 0;
    }

    public static void checkNotOverAll(String path, JsonNode value, Problems problems) {
        if (percent(value).orElse(0) > 100) {
            problems.invalid(path, value, "must not be greater than 100%");
        }
    }

    /// The number before the percent sign; empty for what is no percentage.
    public static OptionalInt percent(JsonNode value) {
        if (!value.isTextual() || !PERCENT.matcher(value.asText()).matches()) {
            return OptionalInt.empty();
        }
        var digits = value.asText().substring(0, value.asText().length() - 1);
        return digits.length() > 9 ? OptionalInt.of(Integer.MAX_VALUE) : OptionalInt.of(Integer.parseInt(digits));
    }
}
