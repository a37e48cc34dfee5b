package dev.kapal.model.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.SchemaLibrary;
import java.util.Optional;
import java.util.function.Function;

/// What in the schema of a custom resource is a schema or something else: messages with a field for each, of which one
/// is
/// there. Source: apiextensions.k8s.io/v1, JSONSchemaPropsOrArray and its like.
enum SchemaUnion {
    /// Field 1 is the boolean, field 2 the schema.
    BOOL("JSONSchemaPropsOrBool", 2, 1),
    /// Field 1 is the schema, field 2 are several.
    ARRAY("JSONSchemaPropsOrArray", 1, 2),
    /// Field 1 is the schema, field 2 are the texts.
    STRING_ARRAY("JSONSchemaPropsOrStringArray", 1, 2);

    private static final String PREFIX = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String name;
    private final int schemaNumber;
    private final int otherNumber;

    SchemaUnion(String name, int schemaNumber, int otherNumber) {
        this.name = PREFIX + name;
        this.schemaNumber = schemaNumber;
        this.otherNumber = otherNumber;
    }

    /// Empty for what is no such type.
    static Optional<SchemaUnion> of(Schema schema) {
        for (var union : values()) {
            if (union.name.equals(schema.name())) {
                return Optional.of(union);
            }
        }
        return Optional.empty();
    }

    static Schema schema() {
        return SchemaLibrary.builtIn().schema(PREFIX + "JSONSchemaProps");
    }

    WireWriter write(JsonNode value) {
        var out = new WireWriter();
        if (this == BOOL) {
            out.varintField(otherNumber, value.isObject() || value.asBoolean() ? 1 : 0);
        }
        if (value.isObject()) {
            out.messageField(schemaNumber, message(value));
        }
        if (value.isArray()) {
            value.forEach(item -> {
                if (this == ARRAY) {
                    out.messageField(otherNumber, message(item));
                } else {
                    out.textField(otherNumber, item.asText());
                }
            });
        }
        return out;
    }

    private static WireWriter message(JsonNode schema) {
        return MessageWriter.write(schema(), schema().name(), schema);
    }

    /// @param nested reads a schema
    JsonNode read(Wire wire, Function<Wire, ObjectNode> nested) {
        ObjectNode schema = null;
        var several = NODES.arrayNode();
        boolean allows = false;
        while (wire.hasMore()) {
            int number = wire.next();
            if (number == schemaNumber) {
                MessageReader.expect(Wire.BYTES, wire, "schema");
                schema = nested.apply(wire.block());
            } else if (number != otherNumber) {
                wire.skip();
            } else if (this == BOOL) {
                MessageReader.expect(Wire.VARINT, wire, "allows");
                allows = wire.varint() != 0;
            } else {
                MessageReader.expect(Wire.BYTES, wire, "items");
                several.add(
                        this == ARRAY
                                ? nested.apply(wire.block())
                                : NODES.textNode(wire.block().text()));
            }
        }
        return value(schema, several, allows);
    }

    private JsonNode value(ObjectNode schema, ArrayNode several, boolean allows) {
        if (!several.isEmpty()) {
            return several;
        }
        if (schema != null) {
            return schema;
        }
        return this == BOOL ? NODES.booleanNode(allows) : NODES.nullNode();
    }
}
