package dev.kapal.cel;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Field names as identifiers of the language: what is no identifier is written with escapes, `__dot__` for a dot.
/// Source: CEL in Kubernetes, escaping.
public final class Identifiers {
    private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z_.\\-/][A-Za-z0-9_.\\-/]*");
    private static final Pattern IDENTIFIER = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");
    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");
    private static final Map<String, String> UNESCAPES =
            Map.of("underscores", "__", "dot", ".", "dash", "-", "slash", "/");

    private Identifiers() {}

    /// Whether an expression can name something so, without escapes.
    public static boolean isIdentifier(String name) {
        return IDENTIFIER.matcher(name).matches() && !RESERVED.contains(name);
    }

    /// The identifier for a field; empty when no expression can name it.
    public static Optional<String> escape(String field) {
        if (!ACCEPTED.matcher(field).matches()) {
            return Optional.empty();
        }
        if (RESERVED.contains(field)) {
            return Optional.of("__" + field + "__");
        }
        if (isPlain(field)) {
            return Optional.of(field);
        }
        return Optional.of(field.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__"));
    }

    /// The field that an identifier stands for.
    public static String unescape(String identifier) {
        if (!identifier.contains("__")) {
            return identifier;
        }
        var field = new StringBuilder();
        int at = 0;
        while (at < identifier.length()) {
            int open = identifier.indexOf("__", at);
            int close = open < 0 ? -1 : identifier.indexOf("__", open + 2);
            if (close < 0) {
                break;
            }
            var word = identifier.substring(open + 2, close);
            field.append(identifier, at, open).append(UNESCAPES.getOrDefault(word, word));
            at = close + 2;
        }
        return field.append(identifier.substring(at)).toString();
    }

    private static boolean isPlain(String field) {
        return !field.contains("__") && !field.contains(".") && !field.contains("-") && !field.contains("/");
    }
}
