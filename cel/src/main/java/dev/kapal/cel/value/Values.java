package dev.kapal.cel.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.kapal.model.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Nodes of documents as values of expressions and back. Containers are views: nothing is copied, and an element is
/// looked at when an expression asks for it. Any thread, as long as the document does not change.
public final class Values {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Values() {}

    /// A node whose form is not known.
    public static Object dynamic(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> new MapView(object, Optional.empty());
            case ArrayNode array -> new ListView(array, Optional.empty());
            default -> scalar(node);
        };
    }

    /// A node as its schema has it. What does not fit its schema is seen as it is.
    public static Object typed(JsonNode node, Schema schema) {
        return switch (node) {
            case ObjectNode object -> object(object, schema);
            case ArrayNode array -> new ListView(array, Optional.of(schema));
            default ->
                node.isTextual()
                        ? text(node.textValue(), schema)
                        : schema.type() == Schema.Type.NUMBER && node.isNumber() ? node.doubleValue() : scalar(node);
        };
    }

    private static Object object(ObjectNode node, Schema schema) {
        if (schema.additionalProperties().isPresent()) {
            return new MapView(node, schema.additionalProperties());
        }
        return schema.properties().isEmpty() ? new MapView(node, Optional.empty()) : new ObjectView(node, schema);
    }

    private static Object scalar(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER ->
                node.isIntegralNumber() && node.canConvertToLong() ? (Object) node.longValue() : node.doubleValue();
            default -> NullValue.NULL_VALUE;
        };
    }

    private static Object text(String text, Schema schema) {
        if (schema.type() != Schema.Type.STRING) {
            return text;
        }
        try {
            return switch (schema.format()) {
                case "byte" -> CelByteString.of(Base64.getMimeDecoder().decode(text));
                case "date-time" -> OffsetDateTime.parse(text).toInstant();
                case "date" -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
                case "duration" -> GoDuration.parse(text);
                default -> text;
            };
        } catch (DateTimeParseException | IllegalArgumentException unreadable) {
            return text;
        }
    }

    /// The document for a value. Throws [IllegalArgumentException] for what no document can hold.
    public static JsonNode node(Object value) {
        return switch (value) {
            case NullValue _ -> NODES.nullNode();
            case JsonNode node -> node;
            case MapView view -> view.node();
            case ListView view -> view.node();
            case ObjectView view -> view.node();
            case Boolean bool -> NODES.booleanNode(bool);
            case Long number -> NODES.numberNode(number);
            case UnsignedLong number -> NODES.numberNode(number.bigIntegerValue());
            case Double number -> NODES.numberNode(number);
            case String text -> NODES.textNode(text);
            case CelByteString bytes -> NODES.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
            case Instant instant -> NODES.textNode(instant.toString());
            case Duration duration -> NODES.textNode(GoDuration.text(duration));
            case List<?> list -> {
                var array = NODES.arrayNode(list.size());
                list.forEach(item -> array.add(node(item)));
                yield array;
            }
            case Map<?, ?> map -> {
                var object = NODES.objectNode();
                map.forEach((key, item) -> object.set(key.toString(), node(item)));
                yield object;
            }
            default ->
                throw new IllegalArgumentException(
                        "unsupported type " + value.getClass().getSimpleName());
        };
    }
}
