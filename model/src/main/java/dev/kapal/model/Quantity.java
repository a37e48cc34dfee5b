package dev.kapal.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Pattern;

/// An amount of a resource: `100m`, `1.5Gi`, `2e3`. Source: API conventions, `resource.Quantity`.
///
/// @param amount the exact value, at most nine digits after the point
/// @param format how it is written in canonical form: that of the text it was read from
public record Quantity(BigDecimal amount, Format format) implements Comparable<Quantity> {
    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI);

    /// The three families of suffixes.
    public enum Format {
        DECIMAL_SI,
        BINARY_SI,
        DECIMAL_EXPONENT
    }

    private static final String WRONG_FORMAT =
            "quantities must match the regular expression" + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private static final Pattern SYNTAX =
            Pattern.compile("([+-]?)([0-9]*)(?:\\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)");
    private static final Pattern EXPONENT = Pattern.compile("[eE]([-+]?[0-9]{1,9})");
    private static final Map<String, Integer> DECIMAL =
            Map.of("n", -9, "u", -6, "m", -3, "", 0, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);
    private static final Pattern LEADING_ZEROS = Pattern.compile("^0+");
    private static final int MOST_DIGITS = 100;
    private static final Map<Integer, String> DECIMAL_SUFFIX =
            Map.of(-9, "n", -6, "u", -3, "m", 0, "", 3, "k", 6, "M", 9, "G", 12, "T", 15, "P", 18, "E");
    private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
    private static final int SCALE = 9;

    /// Reads any of the forms. What is finer than a billionth is rounded away from zero, what is beyond 2^63-1 becomes
    /// that.
    /// Throws [IllegalArgumentException] with upstream's message.
    public static Quantity parse(String text) {
        var match = SYNTAX.matcher(text);
        if (!match.matches() || text.isEmpty()) {
            throw new IllegalArgumentException(WRONG_FORMAT);
        }
        var fraction = match.group(3) == null ? "" : match.group(3);
        if (match.group(2).isEmpty() && fraction.isEmpty()) {
            throw new IllegalArgumentException(WRONG_FORMAT);
        }
        return scaled(number(match.group(1), match.group(2), fraction), match.group(4));
    }

    /// Reads as many digits as can matter; of the rest it says only whether there is any: that rounds up.
    private static BigDecimal number(String sign, String whole, String fraction) {
        var digits = LEADING_ZEROS.matcher(whole + fraction).replaceFirst("");
        if (digits.length() <= MOST_DIGITS) {
            return new BigDecimal(sign + digits + "0").scaleByPowerOfTen(-fraction.length() - 1);
        }
        boolean more = digits.chars().skip(MOST_DIGITS).anyMatch(digit -> digit != '0');
        return new BigDecimal(sign + digits.substring(0, MOST_DIGITS) + (more ? "1" : "0"))
                .scaleByPowerOfTen(digits.length() - MOST_DIGITS - 1 - fraction.length());
    }

    private static Quantity scaled(BigDecimal number, String suffix) {
        for (int i = 1; i < BINARY.length; i++) {
            if (BINARY[i].equals(suffix)) {
                var amount = limit(number.multiply(KIBI.pow(i)));
                boolean tiny = amount.signum() > 0 && amount.compareTo(BigDecimal.ONE) < 0;
                return new Quantity(amount, tiny ? Format.DECIMAL_SI : Format.BINARY_SI);
            }
        }
        var power = DECIMAL.get(suffix);
        if (power != null) {
            return new Quantity(limit(number.scaleByPowerOfTen(power)), Format.DECIMAL_SI);
        }
        var exponent = EXPONENT.matcher(suffix);
        if (!exponent.matches()) {
            throw new IllegalArgumentException("unable to parse quantity's suffix");
        }
        return new Quantity(
                limit(number.scaleByPowerOfTen(Integer.parseInt(exponent.group(1)))), Format.DECIMAL_EXPONENT);
    }

    /// Far outside what can be represented the digits do not matter, and computing them would cost memory.
    private static BigDecimal limit(BigDecimal amount) {
        if (amount.signum() == 0) {
            return BigDecimal.ZERO;
        }
        long magnitude = (long) amount.precision() - amount.scale();
        if (magnitude > 40) {
            return amount.signum() > 0 ? MAX : MAX.negate();
        }
        if (magnitude < -40) {
            return BigDecimal.valueOf(amount.signum(), SCALE);
        }
        var rounded = amount.scale() > SCALE ? amount.setScale(SCALE, RoundingMode.UP) : amount;
        return rounded.compareTo(MAX) > 0 ? MAX : rounded;
    }

    public Quantity add(Quantity other) {
        return new Quantity(amount.add(other.amount), amount.signum() == 0 ? other.format : format);
    }

    public Quantity subtract(Quantity other) {
        return new Quantity(amount.subtract(other.amount), amount.signum() == 0 ? other.format : format);
    }

    /// In thousandths, rounded up: what CPU is counted in.
    public long milliValue() {
        return clamped(amount.movePointRight(3));
    }

    /// In whole units, rounded up: what memory is counted in.
    public long value() {
        return clamped(amount);
    }

    private static long clamped(BigDecimal value) {
        var whole = value.setScale(0, RoundingMode.UP).toBigInteger();
        if (whole.bitLength() < Long.SIZE) {
            return whole.longValue();
        }
        return whole.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    /// The canonical form: no fraction, the greatest suffix possible.
    @Override
    public String toString() {
        if (amount.signum() == 0) {
            return "0";
        }
        return format == Format.BINARY_SI && isWholeAndLarge() ? binary() : decimal();
    }

    /// Only then the binary form loses nothing and reads better than the decimal one.
    private boolean isWholeAndLarge() {
        return amount.abs().compareTo(KIBI) >= 0 && amount.stripTrailingZeros().scale() <= 0;
    }

    private String binary() {
        var number = amount.toBigIntegerExact();
        int step = 0;
        while (step < BINARY.length - 1 && isMultipleOfKibi(number)) {
            number = number.shiftRight(10);
            step++;
        }
        return number + BINARY[step];
    }

    private static boolean isMultipleOfKibi(BigInteger number) {
        return number.getLowestSetBit() >= 10;
    }

    private String decimal() {
        var plain = amount.stripTrailingZeros();
        int exponent = Math.floorDiv(-plain.scale(), 3) * 3;
        if (format != Format.DECIMAL_EXPONENT) {
            exponent = Math.min(exponent, 18);
        }
        var digits = plain.scaleByPowerOfTen(-exponent).toBigIntegerExact().toString();
        if (format == Format.DECIMAL_EXPONENT) {
            return exponent == 0 ? digits : digits + "e" + exponent;
        }
        return digits + DECIMAL_SUFFIX.get(exponent);
    }
}
