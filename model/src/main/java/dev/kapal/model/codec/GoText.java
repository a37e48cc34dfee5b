package dev.kapal.model.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// Text as upstream's messages print it, because people's tools match on them. Pure.
public final class GoText {
    private GoText() {}

    /// `%q` of a string.
    public static String quote(String text) {
        var out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> append(out, c));
        return out.append('"').toString();
    }

    /// `%q` of a list: `["a" "b"]`.
    public static String quote(List<String> texts) {
        return texts.stream().map(GoText::quote).collect(Collectors.joining(" ", "[", "]"));
    }

    /// Several errors as one: the only one as it is, more in brackets, none twice.
    public static String aggregate(Collection<String> errors) {
        var different = new LinkedHashSet<>(errors);
        return different.size() == 1
                ? different.getFirst()
                : different.isEmpty() ? "" : "[" + String.join(", ", different) + "]";
    }

    /// A tree as upstream's messages print its maps (`%v`): `map[a:1 b:[x y]]`.
    public static String value(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT ->
                node.properties().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(e -> e.getKey() + ":" + value(e.getValue()))
                        .collect(Collectors.joining(" ", "map[", "]"));
            case ARRAY ->
                StreamSupport.stream(node.spliterator(), false)
                        .map(GoText::value)
                        .collect(Collectors.joining(" ", "[", "]"));
            case NULL, MISSING -> "<nil>";
            default -> node.asText();
        };
    }

    private static void append(StringBuilder out, int c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case 7 -> out.append("\\a");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 11 -> out.append("\\v");
            default -> {
                if (c < 0x20 || c == 0x7f) {
                    out.append(String.format("\\x%02x", c));
                } else if (printable(c)) {
                    out.appendCodePoint(c);
                } else {
                    out.append(c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c));
                }
            }
        }
    }

    /// Letters, marks, numbers, punctuation, symbols and the plain space.
    private static boolean printable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
