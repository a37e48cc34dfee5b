package dev.kapal.agent.env;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The `$(NAME)` language of commands, arguments, variables and sub paths. Pure.
///
/// `$(NAME)` becomes the variable's value, `$$` becomes `$`, so `$$(NAME)` is `$(NAME)` to the letter. A reference to
/// an
/// unknown name, and anything else, stays as it is written.
///
/// Source: Container API, `command` and `args`.
public final class Expansion {
    private Expansion() {}

    public static String expand(String text, Map<String, String> variables) {
        return expand(text, name -> Optional.ofNullable(variables.get(name)));
    }

    public static String expand(String text, Function<String, Optional<String>> variables) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        var out = new StringBuilder(text.length() + 32);
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '$' || at + 1 == text.length()) {
                out.append(c);
                at++;
                continue;
            }
            at = reference(text, at + 1, variables, out);
        }
        return out.toString();
    }

    /// Writes what the text after a `$` stands for; returns where to go on.
    private static int reference(String text, int at, Function<String, Optional<String>> variables, StringBuilder out) {
        char c = text.charAt(at);
        if (c == '$') {
            out.append('$');
            return at + 1;
        }
        int end = c == '(' ? text.indexOf(')', at) : -1;
        if (end < 0) {
            out.append('$').append(c);
            return at + 1;
        }
        var name = text.substring(at + 1, end);
        out.append(variables.apply(name).orElse("$(" + name + ")"));
        return end + 1;
    }
}
