package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.List;
import java.util.Locale;

/// A value as upstream's messages show a structure of its own: all fields under their Go names, the unset ones too.
///
/// A field is written as its Go name. A `?` follows what may be null, a `#` a number; `{…}` says which fields a
/// structure has, `[…]` which ones each entry of a list has: `NodeSelectorTerms[MatchExpressions?[Key Operator
/// Values?]]`.
public final class GoStruct {
    private final String shape;
    private int at;

    private GoStruct(String shape) {
        this.shape = shape;
    }

    /// @param fields of the structure, in order
    public static ObjectNode of(JsonNode value, String... fields) {
        return new GoStruct(String.join(" ", fields)).fields(value, '\0');
    }

    public static ArrayNode list(List<JsonNode> values) {
        return Documents.object().arrayNode().addAll(values);
    }

    /// @param end of the fields in the shape
    private ObjectNode fields(JsonNode value, char end) {
        var shown = Documents.object();
        while (next() != end) {
            var name = name();
            boolean nullable = accept('?');
            boolean number = accept('#');
            var present = value.path(documentName(name));
            shown.set(
                    name,
                    accept('{')
                            ? structure(present, nullable)
                            : accept('[') ? entries(present) : plain(present, nullable, number));
        }
        accept(end);
        return shown;
    }

    private JsonNode structure(JsonNode value, boolean nullable) {
        var shown = fields(value, '}');
        return nullable && value.isMissingNode() ? shown.nullNode() : shown;
    }

    private JsonNode entries(JsonNode values) {
        int start = at;
        var shown = Documents.object().arrayNode();
        for (var value : values) {
            at = start;
            shown.add(fields(value, ']'));
        }
        at = start;
        fields(Documents.object(), ']'); // the shape is behind us, however many entries there are
        return values.isMissingNode() ? shown.nullNode() : shown;
    }

    private static JsonNode plain(JsonNode value, boolean nullable, boolean number) {
        if (!value.isMissingNode()) {
            return value;
        }
        var nodes = Documents.object();
        return nullable ? nodes.nullNode() : number ? nodes.numberNode(0) : nodes.textNode("");
    }

    private char next() {
        while (at < shape.length() && shape.charAt(at) == ' ') {
            at++;
        }
        return at < shape.length() ? shape.charAt(at) : '\0';
    }

    private boolean accept(char expected) {
        if (at < shape.length() && shape.charAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }

    private String name() {
        int start = at;
        while (at < shape.length() && Character.isLetterOrDigit(shape.charAt(at))) {
            at++;
        }
        return shape.substring(start, at);
    }

    /// `gmsaCredentialSpec` of `GMSACredentialSpec`: a word of capitals ends where the next word begins.
    private static String documentName(String name) {
        int capitals = 0;
        while (capitals < name.length() && Character.isUpperCase(name.charAt(capitals))) {
            capitals++;
        }
        int first = capitals == 1 || capitals == name.length() ? capitals : capitals - 1;
        return name.substring(0, first).toLowerCase(Locale.ROOT) + name.substring(first);
    }
}
