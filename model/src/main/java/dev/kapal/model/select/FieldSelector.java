package dev.kapal.model.select;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Chooses objects by fields: all requirements must hold. Which fields exist is the kind's business. Immutable.
public record FieldSelector(List<Requirement> requirements) {
    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    /// `field=value`, or `field!=value` when `equal` is false.
    public record Requirement(String field, boolean equal, String value) {}

    public FieldSelector {
        requirements = List.copyOf(requirements);
    }

    /// Reads `metadata.name=web,status.phase!=Running`; a backslash escapes comma, equals sign and backslash in values.
    /// Throws [SelectorException].
    public static FieldSelector parse(String text) {
        var requirements = new ArrayList<Requirement>();
        for (var term : terms(text)) {
            if (!term.isEmpty()) {
                requirements.add(requirement(term, text));
            }
        }
        return new FieldSelector(requirements);
    }

    private static List<String> terms(String text) {
        var terms = new ArrayList<String>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == ',') {
                terms.add(text.substring(start, i));
                start = i + 1;
            }
        }
        terms.add(text.substring(start));
        return terms;
    }

    private static Requirement requirement(String term, String whole) {
        for (int i = 0; i < term.length(); i++) {
            for (var operator : List.of("!=", "==", "=")) {
                if (term.startsWith(operator, i)) {
                    var value = unescaped(term.substring(i + operator.length()));
                    return new Requirement(term.substring(0, i), !operator.equals("!="), value);
                }
            }
        }
        throw new SelectorException("invalid selector: '" + whole + "'; can't understand '" + term + "'");
    }

    private static String unescaped(String value) {
        var out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '=' || c == ',') {
                throw new SelectorException("invalid field selector: unescaped character in value: " + c);
            }
            if (c == '\\') {
                i++;
                if (i == value.length() || "\\,=".indexOf(value.charAt(i)) < 0) {
                    int end = Math.min(i + 1, value.length());
                    throw new SelectorException(
                            "invalid field selector: invalid escape sequence: " + value.substring(i - 1, end));
                }
                c = value.charAt(i);
            }
            out.append(c);
        }
        return out.toString();
    }

    /// @param fields the value of a field of the object; an absent field counts as the empty string
    public boolean matches(Function<String, String> fields) {
        return requirements.stream().allMatch(r -> r.value().equals(fields.apply(r.field())) == r.equal());
    }

    /// The same requirements of fields that are called differently elsewhere.
    public FieldSelector renamed(UnaryOperator<String> name) {
        return new FieldSelector(requirements.stream()
                .map(r -> new Requirement(name.apply(r.field()), r.equal(), r.value()))
                .toList());
    }

    /// The value that `field` must have, when one requirement pins it.
    public Optional<String> exact(String field) {
        return requirements.stream()
                .filter(r -> r.equal() && r.field().equals(field))
                .map(Requirement::value)
                .findFirst();
    }

    public boolean isEmpty() {
        return requirements.isEmpty();
    }

    /// The query form.
    @Override
    public String toString() {
        return requirements.stream()
                .map(r -> r.field() + (r.equal() ? "=" : "!=") + r.value().replaceAll("([\\\\,=])", "\\\\$1"))
                .collect(Collectors.joining(","));
    }
}
