package dev.kapal.model.codec;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/// Builds one tree from a token stream and notes the keys that stand twice. The later value wins and takes the later
/// place, so that messages about the document can be given in the order in which upstream meets them.
final class JsonTree {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int REPLACEMENT = 0xfffd;

    private final JsonParser parser;
    private final List<String> duplicates;
    private final FieldPath path = new FieldPath();

    JsonTree(JsonParser parser, List<String> duplicates) {
        this.parser = parser;
        this.duplicates = duplicates;
    }

    /// Reads a whole input; throws a parse exception when something follows the value.
    JsonNode read() throws IOException {
        var first = parser.nextToken();
        if (first == null) {
            throw new JsonParseException(parser, "empty");
        }
        var value = value(first);
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "trailing content");
        }
        return value;
    }

    private JsonNode value(JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_EMBEDDED_OBJECT -> CborFormat.binary(parser);
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> NODES.textNode(scalars(parser.getText()));
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> number();
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    private JsonNode integer() throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    private JsonNode number() throws IOException {
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw new DecodeException(
                    "json: cannot unmarshal number " + parser.getText() + " into Go value of type float64");
        }
        return NODES.numberNode(value);
    }

    /// An escape may name half of a surrogate pair; alone it is no character.
    private static String scalars(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .map(c -> Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }

    private ObjectNode object() throws IOException {
        var object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = scalars(parser.currentName());
            path.field(name);
            if (object.remove(name) != null && duplicates.size() < UnknownFields.MOST) {
                duplicates.add(path.duplicate());
            }
            object.set(name, value(parser.nextToken()));
            path.up();
        }
        return object;
    }

    private ArrayNode array() throws IOException {
        var array = NODES.arrayNode();
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            path.index(array.size());
            array.add(value(token));
            path.up();
        }
        return array;
    }
}
