package dev.kapal.apiserver.strategy;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/// Whether text can be shown as it is: letters, marks, numbers, punctuation, symbols and the common space. Source: Go,
/// `unicode.IsPrint`.
public final class Printable {
    private static final int CATEGORIES = bits(
            Character.UPPERCASE_LETTER,
            Character.LOWERCASE_LETTER,
            Character.TITLECASE_LETTER,
            Character.MODIFIER_LETTER,
            Character.OTHER_LETTER,
            Character.NON_SPACING_MARK,
            Character.ENCLOSING_MARK,
            Character.COMBINING_SPACING_MARK,
            Character.DECIMAL_DIGIT_NUMBER,
            Character.LETTER_NUMBER,
            Character.OTHER_NUMBER,
            Character.CONNECTOR_PUNCTUATION,
            Character.DASH_PUNCTUATION,
            Character.START_PUNCTUATION,
            Character.END_PUNCTUATION,
            Character.INITIAL_QUOTE_PUNCTUATION,
            Character.FINAL_QUOTE_PUNCTUATION,
            Character.OTHER_PUNCTUATION,
            Character.MATH_SYMBOL,
            Character.CURRENCY_SYMBOL,
            Character.MODIFIER_SYMBOL,
            Character.OTHER_SYMBOL);

    private Printable() {}

    public static boolean is(int character) {
        return character == ' ' || (CATEGORIES & 1 << Character.getType(character)) != 0;
    }

    /// The byte of the text's UTF-8 form at which the first other character starts.
    public static OptionalInt firstOther(String text) {
        int bytes = 0;
        for (int c : text.codePoints().toArray()) {
            if (!is(c)) {
                return OptionalInt.of(bytes);
            }
            bytes += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
        }
        return OptionalInt.empty();
    }

    private static int bits(int... categories) {
        int bits = 0;
        for (int category : categories) {
            bits |= 1 << category;
        }
        return bits;
    }
}
