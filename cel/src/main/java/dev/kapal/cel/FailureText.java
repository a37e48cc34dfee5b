package dev.kapal.cel;

import dev.cel.runtime.CelEvaluationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The words for a failed evaluation that clients of Kubernetes know.
final class FailureText {
    private static final Pattern PLACE = Pattern.compile("^evaluation error(?: at [^ ]*?:?(\\d+))?: ");
    private static final Pattern MISSING_KEY = Pattern.compile("key '(.*)' is not present in map\\.?");
    private static final Pattern INDEX = Pattern.compile("Index out of bounds: (-?\\d+)");

    private FailureText() {}

    static String of(String expression, CelEvaluationException failed) {
        var place = PLACE.matcher(String.valueOf(failed.getMessage()));
        var message = place.replaceFirst("");
        var missing = MISSING_KEY.matcher(message);
        if (missing.matches()) {
            return "no such key: " + missing.group(1);
        }
        var index = INDEX.matcher(message);
        if (index.find()) {
            return "index out of bounds: " + index.group(1);
        }
        return switch (failed.getErrorCode()) {
            case DIVIDE_BY_ZERO -> isModulus(expression, place) ? "modulus by zero" : "division by zero";
            case NUMERIC_OVERFLOW -> "integer overflow";
            case OVERLOAD_NOT_FOUND -> "no such overload";
            default -> message;
        };
    }

    private static boolean isModulus(String expression, Matcher place) {
        if (!place.reset().find() || place.group(1) == null) {
            return false;
        }
        int at = Integer.parseInt(place.group(1));
        return at < expression.length() && expression.charAt(at) == '%';
    }
}
