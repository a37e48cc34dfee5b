package dev.kapal.cel.library;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.util.List;
import java.util.regex.Pattern;

/// `semver`, `isSemver`, comparison. Source: Kubernetes CEL library, semver; Semantic Versioning 2.0.0.
final class Semvers {
    static final OpaqueType SEMVER = OpaqueType.create("kubernetes.Semver");

    private static final String NUMBER = "(0|[1-9][0-9]*)";
    private static final String PRE = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
    private static final Pattern SYNTAX = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-(" + PRE
            + "(?:\\." + PRE + ")*))?(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final List<CelType> ONE = List.of(SEMVER);
    private static final List<CelType> TWO = List.of(SEMVER, SEMVER);
    private static final List<CelType> TEXT = List.of(SimpleType.STRING);
    private static final List<CelType> TEXT_AND_FLAG = List.of(SimpleType.STRING, SimpleType.BOOL);

    private Semvers() {}

    record Semver(long major, long minor, long patch, List<String> pre) implements Comparable<Semver> {
        @Override
        public int compareTo(Semver other) {
            int numbers = Long.compare(major, other.major);
            numbers = numbers != 0 ? numbers : Long.compare(minor, other.minor);
            numbers = numbers != 0 ? numbers : Long.compare(patch, other.patch);
            if (numbers != 0 || pre.isEmpty() && other.pre.isEmpty()) {
                return numbers;
            }
            if (pre.isEmpty() || other.pre.isEmpty()) {
                return pre.isEmpty() ? 1 : -1; // a release comes after what led to it
            }
            for (int i = 0; i < Math.min(pre.size(), other.pre.size()); i++) {
                int one = identifiers(pre.get(i), other.pre.get(i));
                if (one != 0) {
                    return one;
                }
            }
            return Integer.compare(pre.size(), other.pre.size());
        }

        private static int identifiers(String one, String other) {
            boolean oneIsNumber = DIGITS.matcher(one).matches();
            boolean otherIsNumber = DIGITS.matcher(other).matches();
            if (oneIsNumber && otherIsNumber) {
                int longer = Integer.compare(one.length(), other.length()); // neither begins with a zero
                return longer != 0 ? longer : Integer.signum(one.compareTo(other));
            }
            if (oneIsNumber != otherIsNumber) {
                return oneIsNumber ? -1 : 1;
            }
            return Integer.signum(one.compareTo(other));
        }
    }

    static FunctionSet functions() {
        return new FunctionSet()
                .global("semver", "string_to_semver", SEMVER, TEXT, args -> parse((String) args[0]))
                .global(
                        "semver",
                        "string_bool_to_semver",
                        SEMVER,
                        TEXT_AND_FLAG,
                        args -> parse((String) args[0], (Boolean) args[1]))
                .global(
                        "isSemver",
                        "is_semver_string",
                        SimpleType.BOOL,
                        TEXT,
                        args -> isSemver((String) args[0], false))
                .global(
                        "isSemver",
                        "is_semver_string_bool",
                        SimpleType.BOOL,
                        TEXT_AND_FLAG,
                        args -> isSemver((String) args[0], (Boolean) args[1]))
                .member("major", "semver_major", SimpleType.INT, ONE, args -> ((Semver) args[0]).major())
                .member("minor", "semver_minor", SimpleType.INT, ONE, args -> ((Semver) args[0]).minor())
                .member("patch", "semver_patch", SimpleType.INT, ONE, args -> ((Semver) args[0]).patch())
                .member("isLessThan", "semver_is_less_than", SimpleType.BOOL, TWO, args -> compare(args) < 0)
                .member("isGreaterThan", "semver_is_greater_than", SimpleType.BOOL, TWO, args -> compare(args) > 0)
                .member("compareTo", "semver_compare_to", SimpleType.INT, TWO, args ->
                        (long) Integer.signum(compare(args)));
    }

    private static int compare(Object[] args) {
        return ((Semver) args[0]).compareTo((Semver) args[1]);
    }

    private static boolean isSemver(String text, boolean normalize) {
        try {
            parse(text, normalize);
            return true;
        } catch (IllegalArgumentException no) {
            return false;
        }
    }

    private static Semver parse(String text, boolean normalize) {
        return parse(normalize ? normalized(text) : text);
    }

    private static Semver parse(String text) {
        var match = SYNTAX.matcher(text);
        if (text.isEmpty()) {
            throw new IllegalArgumentException("Version string empty");
        }
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    text.split("\\.", 3).length < 3
                            ? "No Major.Minor.Patch elements found"
                            : "Invalid character(s) found in version number \"" + text + "\"");
        }
        return new Semver(
                number(match.group(1)),
                number(match.group(2)),
                number(match.group(3)),
                match.group(4) == null ? List.of() : List.of(match.group(4).split("\\.")));
    }

    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            throw new IllegalArgumentException("strconv.ParseUint: parsing \"" + digits + "\": value out of range");
        }
    }

    /// Without a leading `v` and leading zeros, with all three numbers.
    private static String normalized(String text) {
        var parts = (text.startsWith("v") ? text.substring(1) : text).split("\\.", 3);
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].length() > 1) {
                var stripped = parts[i].replaceFirst("^0+", "");
                parts[i] = stripped.isEmpty() || !Character.isDigit(stripped.charAt(0)) ? "0" + stripped : stripped;
            }
        }
        if (parts.length < 3 && parts[parts.length - 1].matches(".*[+-].*")) {
            throw new IllegalArgumentException("short version cannot contain PreRelease/Build meta data");
        }
        return String.join(".", parts) + ".0".repeat(3 - parts.length);
    }
}
