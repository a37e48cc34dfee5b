package dev.kapal.model.codec;

import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/// Whole numbers as Go's `strconv` reads them, with its words for what is none.
public final class GoNumber {
    private static final Pattern UNSIGNED = Pattern.compile("[0-9]+");
    private static final Pattern SIGNED = Pattern.compile("[-+]?[0-9]+");

    private GoNumber() {}

    /// Throws [NumberFormatException].
    public static long parseInt(String text) {
        return parse("ParseInt", text, SIGNED, Long::parseLong);
    }

    /// All 64 bits count. Throws [NumberFormatException].
    public static long parseUint(String text) {
        return parse("ParseUint", text, UNSIGNED, Long::parseUnsignedLong);
    }

    private static long parse(String function, String text, Pattern form, ToLongFunction<String> reading) {
        if (!form.matcher(text).matches()) {
            throw malformed(function, text, "invalid syntax");
        }
        try {
            return reading.applyAsLong(text);
        } catch (NumberFormatException tooLarge) {
            throw malformed(function, text, "value out of range");
        }
    }

    private static NumberFormatException malformed(String function, String text, String why) {
        return new NumberFormatException("strconv." + function + ": parsing " + GoText.quote(text) + ": " + why);
    }
}
