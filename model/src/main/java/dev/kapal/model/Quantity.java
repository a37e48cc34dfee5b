package dev.kapal.model;

import java.math.BigDecimal;

/// An amount of a resource: `100m`, `1.5Gi`, `2e3`. Source: API conventions, `resource.Quantity`.
///
/// @param amount the exact value
/// @param format how it is written in canonical form; the form of the text it was read from
public record Quantity(BigDecimal amount, Format format) implements Comparable<Quantity> {

    /// The three families of suffixes.
    public enum Format {
        DECIMAL_SI,
        BINARY_SI,
        DECIMAL_EXPONENT
    }

    /// Throws [IllegalArgumentException] with upstream's message.
    public static Quantity parse(String text) {
        throw new UnsupportedOperationException();
    }

    public Quantity add(Quantity other) {
        return new Quantity(amount.add(other.amount), amount.signum() == 0 ? other.format : format);
    }

    public Quantity subtract(Quantity other) {
        return new Quantity(amount.subtract(other.amount), amount.signum() == 0 ? other.format : format);
    }

    /// In thousandths, rounded up: what CPU is counted in.
    public long milliValue() {
        throw new UnsupportedOperationException();
    }

    /// In whole units, rounded up: what memory is counted in.
    public long value() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    /// The canonical form: no fraction, the greatest suffix possible.
    @Override
    public String toString() {
        throw new UnsupportedOperationException();
    }
}
