package dev.kapal.cel.library;

import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.kapal.cel.value.GoDuration;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// `"%s is %d".format([…])`. Source: CEL strings extension, version 2.
final class TextFormat {
    private static final int DEFAULT_PRECISION = 6;

    private final String format;
    private final List<?> args;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int used;

    private TextFormat(String format, List<?> args) {
        this.format = format;
        this.args = args;
    }

    static FunctionSet functions() {
        return new FunctionSet()
                .member(
                        "format",
                        "string_format",
                        SimpleType.STRING,
                        List.of(SimpleType.STRING, ListType.create(SimpleType.DYN)),
                        args -> new TextFormat((String) args[0], (List<?>) args[1]).run());
    }

    private String run() {
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                out.append(c);
            } else if (at == format.length()) {
                throw new IllegalArgumentException("could not parse formatting clause: unexpected end of string");
            } else if (format.charAt(at) == '%') {
                out.append('%');
                at++;
            } else {
                clause();
            }
        }
        return out.toString();
    }

    private void clause() {
        int precision = precision();
        if (at == format.length()) {
            throw new IllegalArgumentException("could not parse formatting clause: unexpected end of string");
        }
        char verb = format.charAt(at++);
        if (used >= args.size()) {
            throw new IllegalArgumentException("index " + used + " out of range");
        }
        var arg = args.get(used++);
        out.append(
                switch (verb) {
                    case 's' -> text(arg);
                    case 'd' -> integer(arg);
                    case 'f' -> fixed(arg, precision);
                    case 'e' -> scientific(arg, precision);
                    case 'b' -> binary(arg);
                    case 'x' -> hex(arg, false);
                    case 'X' -> hex(arg, true);
                    case 'o' -> octal(arg);
                    default ->
                        throw new IllegalArgumentException(
                                "could not parse formatting clause: unrecognized formatting clause \"" + verb + "\"");
                });
    }

    private int precision() {
        if (format.charAt(at) != '.') {
            return DEFAULT_PRECISION;
        }
        int from = ++at;
        while (at < format.length() && Character.isDigit(format.charAt(at))) {
            at++;
        }
        if (from == at || at - from > 3) {
            throw new IllegalArgumentException(
                    "could not parse formatting clause: error while parsing precision: could not convert precision to"
                            + " integer");
        }
        return Integer.parseInt(format.substring(from, at));
    }

    private static String text(Object value) {
        return switch (value) {
            case String text -> text;
            case NullValue _ -> "null";
            case CelByteString bytes -> new String(bytes.toByteArray(), StandardCharsets.UTF_8);
            case Double number -> number(number);
            case Duration duration -> seconds(duration);
            case List<?> list -> list.stream().map(TextFormat::text).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                sorted(map).entrySet().stream()
                        .map(e -> e.getKey() + ": " + text(e.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> value.toString();
        };
    }

    private static Map<String, Object> sorted(Map<?, ?> map) {
        var sorted = new TreeMap<String, Object>();
        map.forEach((key, value) -> sorted.put(text(key), value));
        return sorted;
    }

    private static String number(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
        }
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros().toPlainString() + "s";
    }

    private static String integer(Object value) {
        if (value instanceof Double number && !Double.isNaN(number) && !Double.isInfinite(number)) {
            throw wrong("decimal", "integers", "double");
        }
        if (!(value instanceof Number)) {
            throw wrong("decimal", "integers", typeName(value));
        }
        return value instanceof Double number ? number(number) : value.toString();
    }

    private static String fixed(Object value, int precision) {
        if (!(value instanceof Double number)) {
            throw wrong("fixed-point", "doubles", typeName(value));
        }
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return number(number);
        }
        return new BigDecimal(number)
                .setScale(precision, RoundingMode.HALF_EVEN)
                .toPlainString();
    }

    private static String scientific(Object value, int precision) {
        if (!(value instanceof Double number)) {
            throw wrong("scientific", "doubles", typeName(value));
        }
        return Double.isNaN(number) || Double.isInfinite(number)
                ? number(number)
                : String.format(Locale.ROOT, "%." + precision + "e", number);
    }

    private static String binary(Object value) {
        return switch (value) {
            case Boolean bool -> bool ? "1" : "0";
            case Long number -> Long.toString(number, 2);
            case Number number -> Long.toUnsignedString(number.longValue(), 2);
            default -> throw wrong("binary", "integers and bools", typeName(value));
        };
    }

    private static String octal(Object value) {
        return switch (value) {
            case Long number -> Long.toString(number, 8);
            case Double _ -> throw wrong("octal", "integers", "double");
            case Number number -> Long.toUnsignedString(number.longValue(), 8);
            default -> throw wrong("octal", "integers", typeName(value));
        };
    }

    private static String hex(Object value, boolean upper) {
        var text = switch (value) {
            case String s -> HexFormat.of().formatHex(s.getBytes(StandardCharsets.UTF_8));
            case CelByteString bytes -> HexFormat.of().formatHex(bytes.toByteArray());
            case Long number -> Long.toString(number, 16);
            case Double _ -> throw wrong("hex", "integers, byte buffers, and strings", "double");
            case Number number -> Long.toUnsignedString(number.longValue(), 16);
            default -> throw wrong("hex", "integers, byte buffers, and strings", typeName(value));
        };
        return upper ? text.toUpperCase(Locale.ROOT) : text;
    }

    private static IllegalArgumentException wrong(String clause, String wanted, String given) {
        return new IllegalArgumentException("error during formatting: " + clause + " clause can only be used on "
                + wanted + ", was given " + given);
    }

    private static String typeName(Object value) {
        return switch (value) {
            case String _ -> "string";
            case Boolean _ -> "bool";
            case Long _ -> "int";
            case Double _ -> "double";
            case List<?> _ -> "list";
            case Map<?, ?> _ -> "map";
            case Duration duration -> GoDuration.text(duration);
            default -> value.getClass().getSimpleName();
        };
    }
}
