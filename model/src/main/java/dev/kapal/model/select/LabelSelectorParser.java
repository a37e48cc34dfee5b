package dev.kapal.model.select;

import dev.kapal.model.select.LabelRequirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads the query form of a label selector. Source: API reference, "Labels and Selectors".
final class LabelSelectorParser {
    private static final String SPECIAL = "=!(),><";
    private static final Map<String, Operator> OPERATORS = Map.of(
            "=", Operator.EQUALS,
            "==", Operator.EQUALS,
            "!=", Operator.NOT_EQUALS,
            "in", Operator.IN,
            "notin", Operator.NOT_IN,
            ">", Operator.GREATER,
            "<", Operator.LESS);
    private static final String END = "";

    private final List<String> tokens;
    private int at;

    LabelSelectorParser(String text) {
        tokens = tokens(text);
    }

    List<LabelRequirement> parse() {
        var requirements = new ArrayList<LabelRequirement>();
        while (!peek().equals(END)) {
            if (!isIdentifier(peek()) && !peek().equals("!")) {
                throw found(peek(), ", expected: !, identifier, or 'end of string'");
            }
            requirements.add(requirement());
            var separator = next();
            if (separator.equals(END)) {
                break;
            }
            if (!separator.equals(",")) {
                throw found(separator, ", expected: ',' or 'end of string'");
            }
            if (!isIdentifier(peek()) && !peek().equals("!")) {
                throw found(peek(), ", expected: identifier after ','");
            }
        }
        return requirements;
    }

    private LabelRequirement requirement() {
        try {
            return unguardedRequirement();
        } catch (SelectorException e) {
            throw new SelectorException("unable to parse requirement: " + e.getMessage());
        }
    }

    private LabelRequirement unguardedRequirement() {
        var key = next();
        boolean absent = key.equals("!");
        if (absent) {
            key = next();
        }
        if (!isIdentifier(key)) {
            throw found(key, ", expected: identifier");
        }
        LabelRequirement.checkKey("<nil>", key);
        if (absent || peek().equals(END) || peek().equals(",")) {
            return LabelRequirement.checked(key, absent ? Operator.NOT_EXISTS : Operator.EXISTS, List.of());
        }
        var word = next();
        var operator = OPERATORS.get(word);
        if (operator == null) {
            throw found(word, ", expected: in, notin, =, ==, !=, gt, lt");
        }
        boolean several = operator == Operator.IN || operator == Operator.NOT_IN;
        return LabelRequirement.checked(key, operator, several ? values() : List.of(exactValue()));
    }

    private String exactValue() {
        if (peek().equals(END) || peek().equals(",")) {
            return "";
        }
        var value = next();
        if (!isIdentifier(value)) {
            throw found(value, ", expected: identifier");
        }
        return value;
    }

    /// Values between parentheses; an empty place between commas is the empty value.
    private List<String> values() {
        var open = next();
        if (!open.equals("(")) {
            throw found(open, " expected: '('");
        }
        var values = new ArrayList<String>();
        if (peek().equals(")")) {
            next();
            return values;
        }
        boolean valueIsNext = true;
        while (true) {
            var token = next();
            if (isIdentifier(token) && valueIsNext) {
                values.add(token);
                valueIsNext = false;
            } else if (token.equals(",") || token.equals(")")) {
                if (valueIsNext) {
                    values.add("");
                }
                if (token.equals(")")) {
                    return values;
                }
                valueIsNext = true;
            } else {
                throw found(token, valueIsNext ? ", expected: ',', ')' or identifier" : ", expected: ',' or ')'");
            }
        }
    }

    private static SelectorException found(String token, String expected) {
        return new SelectorException("found '" + token + "'" + expected);
    }

    private static boolean isIdentifier(String token) {
        return !token.equals(END) && SPECIAL.indexOf(token.charAt(0)) < 0;
    }

    private String peek() {
        return at < tokens.size() ? tokens.get(at) : END;
    }

    private String next() {
        var token = peek();
        at++;
        return token;
    }

    private static List<String> tokens(String text) {
        var tokens = new ArrayList<String>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (isSpace(c)) {
                i++;
                continue;
            }
            int end = i + 1;
            if (SPECIAL.indexOf(c) < 0) {
                while (end < text.length() && !isSpace(text.charAt(end)) && SPECIAL.indexOf(text.charAt(end)) < 0) {
                    end++;
                }
            } else if ((c == '=' || c == '!') && end < text.length() && text.charAt(end) == '=') {
                end++;
            }
            tokens.add(text.substring(i, end));
            i = end;
        }
        return tokens;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
