package dev.kapal.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A schema seen as apply sees it: what is one value, and what is taken apart. Where the schema says nothing
/// (`RawExtension`, preserved unknown fields) the value tells: objects are taken apart, lists are one value. Any
/// thread.
///
/// @param schema null where the value tells
record TypedSchema(Schema schema) {
    static final TypedSchema DEDUCED = new TypedSchema(null);

    /// How a value is owned and merged.
    enum Shape {
        /// One value, whatever it holds.
        LEAF,
        /// A structure or a map, field by field.
        FIELDS,
        /// A list of plain values that are owned one by one.
        SET,
        /// A list of objects that are found again by their keys.
        KEYED
    }

    static TypedSchema of(Schema schema) {
        return schema.type() == Schema.Type.ANY ? DEDUCED : new TypedSchema(schema);
    }

    /// @param value what is to be walked; a null takes the form that the schema gives
    Shape shape(JsonNode value) {
        if (schema == null) {
            return value.isObject() ? Shape.FIELDS : Shape.LEAF;
        }
        return switch (schema.type()) {
            case OBJECT -> schema.isAtomic() || !isOr(value, value.isObject()) ? Shape.LEAF : Shape.FIELDS;
            case ARRAY -> isOr(value, value.isArray()) ? listShape() : Shape.LEAF;
            default -> Shape.LEAF;
        };
    }

    private static boolean isOr(JsonNode value, boolean fits) {
        return fits || value.isNull();
    }

    private Shape listShape() {
        return switch (schema.listType()) {
            case ATOMIC -> Shape.LEAF;
            case SET -> Shape.SET;
            case MAP -> Shape.KEYED;
        };
    }

    TypedSchema field(String name) {
        if (schema == null) {
            return DEDUCED;
        }
        return schema.property(name)
                .or(schema::additionalProperties)
                .map(TypedSchema::of)
                .orElse(DEDUCED);
    }

    TypedSchema items() {
        return schema == null ? DEDUCED : schema.items().map(TypedSchema::of).orElse(DEDUCED);
    }

    TypedSchema below(String element) {
        return PathElement.isField(element) ? field(PathElement.name(element)) : items();
    }

    /// Whether the element is a field of a structure, not a key of a map.
    boolean declares(String element) {
        return schema != null
                && PathElement.isField(element)
                && schema.property(PathElement.name(element)).isPresent();
    }

    boolean declaresField(String name) {
        return schema != null && schema.property(name).isPresent();
    }

    /// The element that finds an item of this list again; empty for an item that has none.
    Optional<String> element(Shape shape, JsonNode item) {
        if (shape == Shape.SET) {
            return item.isValueNode() && !item.isNull() ? Optional.of(PathElement.value(item)) : Optional.empty();
        }
        if (!(item instanceof ObjectNode object) || schema == null) {
            return Optional.empty();
        }
        var keys = Documents.object();
        for (var key : schema.listMapKeys()) {
            var value = object.get(key);
            if (value == null) {
                var standard = defaultOf(key);
                if (standard.isEmpty()) {
                    return Optional.empty();
                }
                value = standard.get();
            }
            keys.set(key, value);
        }
        return Optional.of(PathElement.keys(keys));
    }

    private Optional<JsonNode> defaultOf(String key) {
        return items().schema == null
                ? Optional.empty()
                : items().schema
                        .property(key)
                        .flatMap(Schema::defaultValue)
                        .map(text -> DocumentDecoder.value(text.getBytes(StandardCharsets.UTF_8)));
    }

    static boolean isEmpty(JsonNode value) {
        return value == null
                || value.isNull()
                || (value instanceof ObjectNode || value instanceof ArrayNode) && value.isEmpty();
    }
}
