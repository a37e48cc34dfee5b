package dev.kapal.model.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Turns an OpenAPI 2 document into gnostic's protobuf form, which kubectl before 1.27 asks for. Stateless.
///
/// What [ResourcePaths] and [Definitions] write is known here, and what other servers' documents have besides; another
/// key is left out. Source: gnostic, `openapiv2/OpenAPIv2.proto`, for the field numbers.
final class GnosticDocument {
    /// Where a parameter that is not the body stands, in the order of its messages.
    private static final List<String> PLACES = List.of("header", "formData", "query", "path");

    private GnosticDocument() {}

    static byte[] encode(ObjectNode document) {
        var message = new ProtobufMessage();
        message.text(1, document.get("swagger").asText());
        var info = document.get("info");
        message.message(
                2,
                new ProtobufMessage()
                        .text(1, info.get("title").asText())
                        .text(2, info.get("version").asText()));
        message.message(8, named(2, document.get("paths"), GnosticDocument::path));
        message.message(9, named(1, document.get("definitions"), GnosticDocument::schema));
        return message.toByteArray();
    }

    /// A map as gnostic writes it: pairs of name (1) and value (2), each in `field`.
    private static ProtobufMessage named(int field, JsonNode map, Function<JsonNode, ProtobufMessage> value) {
        var message = new ProtobufMessage();
        map.properties().forEach(entry -> message.message(field, pair(entry.getKey(), value.apply(entry.getValue()))));
        return message;
    }

    private static ProtobufMessage pair(String name, ProtobufMessage value) {
        return new ProtobufMessage().text(1, name).message(2, value);
    }

    private static ProtobufMessage path(JsonNode path) {
        return fields(path, (message, entry) -> switch (entry.getKey()) {
            case "get" -> message.message(2, operation(entry.getValue()));
            case "put" -> message.message(3, operation(entry.getValue()));
            case "post" -> message.message(4, operation(entry.getValue()));
            case "delete" -> message.message(5, operation(entry.getValue()));
            case "options" -> message.message(6, operation(entry.getValue()));
            case "head" -> message.message(7, operation(entry.getValue()));
            case "patch" -> message.message(8, operation(entry.getValue()));
            case "parameters" -> each(message, 9, entry.getValue(), GnosticDocument::parameter);
            default -> extension(message, 10, entry.getKey(), entry.getValue());
        });
    }

    private static ProtobufMessage operation(JsonNode operation) {
        return fields(operation, (message, entry) -> {
            var value = entry.getValue();
            return switch (entry.getKey()) {
                case "tags" -> texts(message, 1, value);
                case "summary" -> message.text(2, value.asText());
                case "description" -> message.text(3, value.asText());
                case "operationId" -> message.text(5, value.asText());
                case "produces" -> texts(message, 6, value);
                case "consumes" -> texts(message, 7, value);
                case "parameters" -> each(message, 8, value, GnosticDocument::parameter);
                case "responses" -> message.message(9, named(1, value, GnosticDocument::response));
                case "schemes" -> texts(message, 10, value);
                case "deprecated" -> message.flag(11, value.asBoolean());
                default -> extension(message, 13, entry.getKey(), value);
            };
        });
    }

    private static ProtobufMessage parameter(JsonNode parameter) {
        String in = parameter.path("in").asText("");
        boolean required = parameter.path("required").asBoolean();
        String description = parameter.path("description").asText("");
        String name = parameter.path("name").asText("");
        var either = new ProtobufMessage();
        if (in.equals("body")) {
            either.message(
                    1,
                    new ProtobufMessage()
                            .text(1, description)
                            .text(2, name)
                            .text(3, in)
                            .flag(4, required)
                            .message(5, schema(parameter.path("schema"))));
        } else {
            int place = PLACES.indexOf(in) + 1;
            // The messages differ by one field in the middle.
            boolean mayBeEmpty = in.equals("query") || in.equals("formData");
            var plain = new ProtobufMessage()
                    .flag(1, required)
                    .text(2, in)
                    .text(3, description)
                    .text(4, name)
                    .text(mayBeEmpty ? 6 : 5, parameter.path("type").asText(""))
                    .flag(mayBeEmpty ? 20 : 19, parameter.path("uniqueItems").asBoolean());
            either.message(2, new ProtobufMessage().message(Math.max(place, 1), plain));
        }
        return new ProtobufMessage().message(1, either);
    }

    private static ProtobufMessage response(JsonNode response) {
        var message = new ProtobufMessage().text(1, response.path("description").asText(""));
        if (response.has("schema")) {
            message.message(2, new ProtobufMessage().message(1, schema(response.get("schema"))));
        }
        return new ProtobufMessage().message(1, message);
    }

    private static ProtobufMessage schema(JsonNode schema) {
        return fields(schema, (message, entry) -> {
            var value = entry.getValue();
            return switch (entry.getKey()) {
                case "$ref" -> message.text(1, value.asText());
                case "format" -> message.text(2, value.asText());
                case "title" -> message.text(3, value.asText());
                case "description" -> message.text(4, value.asText());
                case "default" -> message.message(5, any(value));
                case "multipleOf" -> message.number(6, value.asDouble());
                case "maximum" -> message.number(7, value.asDouble());
                case "exclusiveMaximum" -> message.flag(8, value.asBoolean());
                case "minimum" -> message.number(9, value.asDouble());
                case "exclusiveMinimum" -> message.flag(10, value.asBoolean());
                case "maxLength" -> message.integer(11, value.asLong());
                case "minLength" -> message.integer(12, value.asLong());
                case "pattern" -> message.text(13, value.asText());
                case "maxItems" -> message.integer(14, value.asLong());
                case "minItems" -> message.integer(15, value.asLong());
                case "uniqueItems" -> message.flag(16, value.asBoolean());
                case "maxProperties" -> message.integer(17, value.asLong());
                case "minProperties" -> message.integer(18, value.asLong());
                case "example" -> message.message(30, any(value));
                case "externalDocs" -> message.message(29, externalDocs(value));
                case "required" -> texts(message, 19, value);
                case "enum" -> each(message, 20, value, GnosticDocument::any);
                case "additionalProperties" -> message.message(21, additional(value));
                case "type" -> message.message(22, new ProtobufMessage().text(1, value.asText()));
                case "items" -> message.message(23, new ProtobufMessage().message(1, schema(value)));
                case "allOf" -> each(message, 24, value, GnosticDocument::schema);
                case "properties" -> message.message(25, named(1, value, GnosticDocument::schema));
                default -> extension(message, 31, entry.getKey(), value);
            };
        });
    }

    private static ProtobufMessage additional(JsonNode value) {
        return value.isBoolean()
                ? new ProtobufMessage().flag(2, value.booleanValue())
                : new ProtobufMessage().message(1, schema(value));
    }

    private static ProtobufMessage externalDocs(JsonNode docs) {
        return new ProtobufMessage()
                .text(1, docs.path("description").asText(""))
                .text(2, docs.path("url").asText(""));
    }

    private static ProtobufMessage extension(ProtobufMessage message, int field, String name, JsonNode value) {
        return name.startsWith("x-") ? message.message(field, pair(name, any(value))) : message;
    }

    /// Any value, as YAML text; JSON is YAML.
    private static ProtobufMessage any(JsonNode value) {
        return new ProtobufMessage().text(2, Documents.text(value) + "\n");
    }

    private static ProtobufMessage fields(
            JsonNode node, BiFunction<ProtobufMessage, Map.Entry<String, JsonNode>, ProtobufMessage> field) {
        var message = new ProtobufMessage();
        for (var entry : node.properties()) {
            message = field.apply(message, entry);
        }
        return message;
    }

    private static ProtobufMessage texts(ProtobufMessage message, int field, JsonNode values) {
        values.forEach(value -> message.text(field, value.asText()));
        return message;
    }

    private static ProtobufMessage each(
            ProtobufMessage message, int field, JsonNode values, Function<JsonNode, ProtobufMessage> encode) {
        values.forEach(value -> message.message(field, encode.apply(value)));
        return message;
    }
}
