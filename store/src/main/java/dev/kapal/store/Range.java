package dev.kapal.store;

import java.util.Optional;

/// The keys from `from` (inclusive) to `to` (exclusive; none: to the end), ordered by their UTF-8 bytes.
public record Range(String from, Optional<String> to) {
    /// All keys.
    public static final Range ALL = new Range("", Optional.empty());

    /// All keys that start with `prefix`, which is empty or ends in an ASCII character.
    public static Range prefix(String prefix) {
        if (prefix.isEmpty()) {
            return ALL;
        }
        int last = prefix.length() - 1;
        char end = prefix.charAt(last);
        if (end >= 0x7f) {
            throw new IllegalArgumentException("prefix must end in an ASCII character: " + prefix);
        }
        return new Range(prefix, Optional.of(prefix.substring(0, last) + (char) (end + 1)));
    }

    /// Exactly `key`.
    public static Range single(String key) {
        return new Range(key, Optional.of(successor(key)));
    }

    /// The rest of this range after `key`: how a limited read is continued.
    public Range after(String key) {
        return new Range(successor(key), to);
    }

    private static String successor(String key) {
        return key + '\0';
    }
}
