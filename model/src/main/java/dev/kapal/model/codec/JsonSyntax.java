package dev.kapal.model.codec;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Says what is wrong with a JSON text in the words that upstream's decoder uses. Runs only after the real parser has
/// refused the text; a recursive descent without recursion, over bytes. Source: RFC 8259.
final class JsonSyntax {
    private static final String END = "unexpected end of JSON input";

    private final byte[] text;
    private int at;

    private JsonSyntax(byte[] text) {
        this.text = text;
    }

    /// The first error, empty when the text is fine after all.
    static Optional<String> error(byte[] text) {
        try {
            new JsonSyntax(text).document();
            return Optional.empty();
        } catch (Malformed malformed) {
            return Optional.of(malformed.getMessage());
        }
    }

    private static final class Malformed extends Exception {
        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    private void document() throws Malformed {
        Deque<Character> open = new ArrayDeque<>();
        boolean valueIsNext = true;
        while (true) {
            if (valueIsNext) {
                valueIsNext = startValue(open);
            } else if (open.isEmpty()) {
                space();
                if (at < text.length) {
                    throw unexpected("after top-level value");
                }
                return;
            } else {
                valueIsNext = afterValue(open);
            }
        }
    }

    /// Reads a scalar, or opens an object or list. True when a value comes next.
    private boolean startValue(Deque<Character> open) throws Malformed {
        switch (next("looking for beginning of value")) {
            case '{' -> {
                at++;
                return emptyOr(open, '}', true);
            }
            case '[' -> {
                at++;
                return emptyOr(open, ']', false);
            }
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
        return false;
    }

    private boolean emptyOr(Deque<Character> open, char close, boolean object) throws Malformed {
        if (next("looking for beginning of value") == close) {
            at++;
            return false;
        }
        open.push(close);
        if (object) {
            key();
        }
        return true;
    }

    private boolean afterValue(Deque<Character> open) throws Malformed {
        char close = open.peek();
        var context = close == '}' ? "after object key:value pair" : "after array element";
        char c = next(context);
        if (c == close) {
            at++;
            open.pop();
            return false;
        }
        if (c != ',') {
            throw unexpected(context);
        }
        at++;
        if (close == '}') {
            key();
        }
        return true;
    }

    private void key() throws Malformed {
        if (next("looking for beginning of object key string") != '"') {
            throw unexpected("looking for beginning of object key string");
        }
        string();
        if (next("after object key") != ':') {
            throw unexpected("after object key");
        }
        at++;
    }

    private void string() throws Malformed {
        at++;
        while (peek() != '"') {
            if (peek() < 0x20) {
                throw unexpected("in string literal");
            }
            if (peek() == '\\') {
                at++;
                escape();
            }
            at++;
        }
        at++;
    }

    private void escape() throws Malformed {
        if (peek() == 'u') {
            for (int i = 0; i < 4; i++) {
                at++;
                if (Character.digit(peek(), 16) < 0) {
                    throw unexpected("in \\u hexadecimal character escape");
                }
            }
        } else if ("\"\\/bfnrt".indexOf(peek()) < 0) {
            throw unexpected("in string escape code");
        }
    }

    private void literal(String word) throws Malformed {
        for (int i = 0; i < word.length(); i++, at++) {
            if (peek() != word.charAt(i)) {
                throw unexpected("in literal " + word + " (expecting '" + word.charAt(i) + "')");
            }
        }
    }

    private void number() throws Malformed {
        if (peek() == '-') {
            at++;
            digit("in numeric literal");
        } else {
            digit("looking for beginning of value");
        }
        if (text[at - 1] != '0') {
            digits();
        }
        if (at < text.length && text[at] == '.') {
            at++;
            digit("after decimal point in numeric literal");
            digits();
        }
        if (at < text.length && (text[at] | 0x20) == 'e') {
            at++;
            if (at < text.length && (text[at] == '+' || text[at] == '-')) {
                at++;
            }
            digit("in exponent of numeric literal");
            digits();
        }
    }

    private void digit(String context) throws Malformed {
        if (peek() < '0' || peek() > '9') {
            throw unexpected(context);
        }
        at++;
    }

    private void digits() {
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
    }

    private void space() {
        while (at < text.length && " \t\r\n".indexOf(text[at]) >= 0) {
            at++;
        }
    }

    private char next(String context) throws Malformed {
        space();
        return peek();
    }

    private char peek() throws Malformed {
        if (at >= text.length) {
            throw new Malformed(END);
        }
        return (char) (text[at] & 0xff);
    }

    private Malformed unexpected(String context) throws Malformed {
        return new Malformed("invalid character " + quoted(peek()) + " " + context);
    }

    private static String quoted(char c) {
        return switch (c) {
            case '\'' -> "'\\''";
            case '"' -> "'\"'";
            default -> {
                var inner = GoText.quote(String.valueOf(c));
                yield "'" + inner.substring(1, inner.length() - 1) + "'";
            }
        };
    }
}
