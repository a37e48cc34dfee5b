package dev.kapal.apiserver.aggregation;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Keys of a user's extra fields as parts of header names: whatever such a name cannot hold is percent-encoded.
final class ExtraKey {
    private static final String LEGAL = "!#$&'*+-.^_`|~";

    private ExtraKey() {}

    static String encoded(String key) {
        var encoded = new StringBuilder();
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || LEGAL.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
            }
        }
        return encoded.toString();
    }
}
