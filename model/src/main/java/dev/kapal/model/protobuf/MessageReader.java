package dev.kapal.model.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.protobuf.MessageTable.Field;
import dev.kapal.model.protobuf.MessageTable.Message;
import java.util.Optional;

/// Turns messages into the documents that JSON would have given. What Go keeps in a plain field is always on the wire,
/// also when it is zero, and JSON leaves it out then unless the field is required or the schema says that zeros are
/// written; what Go keeps behind a pointer is on the wire only when it was set, and zero means zero. A number or text
/// is
/// a structure in Go, which JSON never leaves out. One thread.
final class MessageReader {
    private static final int DEEPEST = 100;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final MessageTable table = MessageTable.builtIn();
    private int depth;

    /// Adds the fields of the message to the object.
    void read(Schema schema, Wire wire, ObjectNode into) {
        read(schema, table.message(schema.name()), wire, into);
    }

    private void read(Schema schema, Message message, Wire wire, ObjectNode into) {
        if (++depth > DEEPEST) {
            throw new DecodeException("exceeded max depth");
        }
        while (wire.hasMore()) {
            var found = message.field(wire.next());
            if (found.isEmpty()) {
                // clients may be newer than we are
                wire.skip();
                continue;
            }
            var field = found.get();
            if (field.inline()) {
                expect(Wire.BYTES, wire, field.name());
                read(schema, table.message(field.name()), wire.block(), into);
            } else {
                field(field, schema, wire, into);
            }
        }
        depth--;
    }

    private void field(Field field, Schema owner, Wire wire, ObjectNode into) {
        var name = field.name();
        var schema = owner.properties().get(name);
        switch (schema.type()) {
            case ARRAY -> items(schema.items().orElseThrow(), name, wire, list(into, name));
            case OBJECT -> {
                expect(Wire.BYTES, wire, name);
                if (schema.additionalProperties().isPresent()) {
                    entry(schema.additionalProperties().get(), name, wire.block(), object(into, name));
                } else {
                    read(schema, wire.block(), object(into, name));
                }
            }
            case STRING, INTEGER, NUMBER, BOOLEAN, INT_OR_STRING, QUANTITY, ANY -> {
                var value = scalar(schema, name, wire);
                boolean keepsZero = field.pointer() || owner.required().contains(name) || writesZero(schema);
                // a field that comes twice has its last value
                if (value.isNull() || !keepsZero && isZero(value)) {
                    into.remove(name);
                } else {
                    into.set(name, value);
                }
            }
        }
    }

    /// Whether JSON has the zero of a plain field, too.
    private static boolean writesZero(Schema schema) {
        return switch (schema.type()) {
            case INTEGER, BOOLEAN -> !schema.zeroIsAbsent();
            case INT_OR_STRING -> true;
            case STRING, NUMBER, QUANTITY, ANY, OBJECT, ARRAY -> false;
        };
    }

    /// One item; or several, which numbers may be.
    private void items(Schema schema, String name, Wire wire, ArrayNode into) {
        boolean isNumber = schema.type() == Schema.Type.INTEGER || schema.type() == Schema.Type.BOOLEAN;
        if (!isNumber || wire.wireType() != Wire.BYTES) {
            into.add(element(schema, name, wire));
            return;
        }
        var packed = wire.block();
        while (packed.hasMore()) {
            into.add(Scalars.varint(schema, packed));
        }
    }

    /// What a list or a map holds.
    private JsonNode element(Schema schema, String name, Wire wire) {
        return switch (schema.type()) {
            case OBJECT -> {
                expect(Wire.BYTES, wire, name);
                var object = NODES.objectNode();
                read(schema, wire.block(), object);
                yield object;
            }
            case ARRAY -> {
                expect(Wire.BYTES, wire, name);
                yield namedList(schema.items().orElseThrow(), name, wire.block());
            }
            case STRING, INTEGER, NUMBER, BOOLEAN, INT_OR_STRING, QUANTITY, ANY -> scalar(schema, name, wire);
        };
    }

    /// What is one value in the schema of its kind.
    private JsonNode scalar(Schema schema, String name, Wire wire) {
        var union = schema.type() == Schema.Type.ANY ? SchemaUnion.of(schema) : Optional.<SchemaUnion>empty();
        if (union.isEmpty()) {
            return Scalars.read(schema, name, wire);
        }
        expect(Wire.BYTES, wire, name);
        return union.get().read(wire.block(), this::jsonSchema);
    }

    private ObjectNode jsonSchema(Wire wire) {
        var object = NODES.objectNode();
        read(SchemaUnion.schema(), wire, object);
        return object;
    }

    /// A list within a list or a map is a type with a name in Go, and a message with one field.
    private ArrayNode namedList(Schema items, String name, Wire wire) {
        var list = NODES.arrayNode();
        while (wire.hasMore()) {
            if (wire.next() == 1) {
                items(items, name, wire, list);
            } else {
                wire.skip();
            }
        }
        return list;
    }

    private void entry(Schema values, String name, Wire entry, ObjectNode into) {
        var key = "";
        var value = zero(values);
        while (entry.hasMore()) {
            switch (entry.next()) {
                case 1 -> {
                    expect(Wire.BYTES, entry, name);
                    key = entry.block().text();
                }
                case 2 -> value = element(values, name, entry);
                default -> entry.skip();
            }
        }
        into.set(key, value);
    }

    private static JsonNode zero(Schema schema) {
        return switch (schema.type()) {
            case OBJECT -> NODES.objectNode();
            case ARRAY -> NODES.arrayNode();
            case STRING -> NODES.textNode("");
            case INTEGER, NUMBER, INT_OR_STRING -> NODES.numberNode(0);
            case BOOLEAN -> NODES.booleanNode(false);
            case QUANTITY -> NODES.textNode("0");
            case ANY -> NODES.nullNode();
        };
    }

    private static ArrayNode list(ObjectNode into, String name) {
        return into.get(name) instanceof ArrayNode known ? known : into.putArray(name);
    }

    /// A message that comes in several pieces is the sum of them.
    private static ObjectNode object(ObjectNode into, String name) {
        return into.get(name) instanceof ObjectNode known ? known : into.putObject(name);
    }

    private static boolean isZero(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> value.textValue().isEmpty();
            case NUMBER -> value.longValue() == 0;
            case BOOLEAN -> !value.booleanValue();
            case ARRAY, BINARY, MISSING, NULL, OBJECT, POJO -> false;
        };
    }

    static void expect(int wireType, Wire wire, String field) {
        if (wire.wireType() != wireType) {
            throw new DecodeException("proto: wrong wireType = " + wire.wireType() + " for field "
                    + Character.toUpperCase(field.charAt(0)) + field.substring(1));
        }
    }
}
