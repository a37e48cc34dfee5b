package dev.kapal.apiserver.authz;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/// Texts of messages as Go prints them, because people's tools match on them. Pure.
public final class GoText {
    private GoText() {}

    /// `%q` of a string; control characters in Go's escapes.
    public static String quoted(String text) {
        var out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        out.append(String.format("\\x%02x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.append('"').toString();
    }

    /// `%q` of a list: `["a" "b"]`.
    public static String quoted(List<String> texts) {
        return texts.stream().map(GoText::quoted).collect(Collectors.joining(" ", "[", "]"));
    }

    /// Several errors as one: the only one as it is, more in brackets, none twice.
    public static String aggregate(Collection<String> errors) {
        var different = new LinkedHashSet<>(errors);
        return different.size() == 1
                ? different.getFirst()
                : different.isEmpty() ? "" : "[" + String.join(", ", different) + "]";
    }
}
