package dev.kapal.model.structural;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.DocumentForm;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.FieldCheck;
import java.util.ArrayList;
import java.util.List;

/// Prunes and defaults documents of a structural schema. Source: Kubernetes, pruning and defaulting of custom
/// resources.
record StructuralForm(StructuralSchema schema, boolean completesStored) implements DocumentForm {
    private static final String METADATA = "metadata";

    @Override
    public void types(ObjectNode document) {
        var metadata = document.get(METADATA);
        if (metadata == null || metadata.isNull()) {
            return;
        }
        if (!(metadata instanceof ObjectNode object)) {
            throw new DecodeException("json: cannot unmarshal " + kindOf(metadata)
                    + " into Go struct field .metadata of type v1.ObjectMeta");
        }
        FieldCheck.types(schema.properties().get(METADATA), object);
    }

    private static String kindOf(JsonNode value) {
        return value.isTextual() ? "string" : value.isArray() ? "array" : value.isNumber() ? "number" : "bool";
    }

    @Override
    public void prune(ObjectNode document) {
        prune(document, schema);
    }

    static void prune(JsonNode value, StructuralSchema schema) {
        switch (value) {
            case ObjectNode object -> fields(object, schema);
            case ArrayNode array -> {
                var items = schema.items();
                if (items.isPresent()) {
                    array.forEach(item -> prune(item, (StructuralSchema) items.get()));
                } else if (!schema.preservesUnknownFields()) {
                    array.forEach(StructuralForm::empty);
                }
            }
            default -> {}
        }
    }

    /// Of what nothing is known, no field is.
    private static void empty(JsonNode value) {
        switch (value) {
            case ObjectNode object -> object.removeAll();
            case ArrayNode array -> array.forEach(StructuralForm::empty);
            default -> {}
        }
    }

    private static void fields(ObjectNode object, StructuralSchema schema) {
        for (var name : names(object)) {
            if (schema.isResource() && isMeta(name)) {
                metadata(object, schema);
                continue;
            }
            var child = schema.property(name).or(schema::additionalProperties);
            if (child.isPresent()) {
                prune(object.get(name), (StructuralSchema) child.get());
            } else if (!schema.preservesUnknownFields()) {
                object.remove(name);
            }
        }
    }

    private static boolean isMeta(String name) {
        return name.equals(METADATA) || name.equals("apiVersion") || name.equals("kind");
    }

    private static void metadata(ObjectNode object, StructuralSchema schema) {
        if (object.get(METADATA) instanceof ObjectNode metadata) {
            FieldCheck.prune(schema.properties().get(METADATA), metadata);
        }
    }

    @Override
    public void defaults(ObjectNode document) {
        defaults(document, schema);
        dropNulls(document, schema);
    }

    private static void defaults(JsonNode value, Schema of) {
        if (!(of instanceof StructuralSchema schema)) {
            return;
        }
        switch (value) {
            case ObjectNode object -> {
                schema.properties().forEach((name, property) -> defaultField(object, name, property));
                for (var name : names(object)) {
                    var property = schema.property(name);
                    if (property.isPresent()) {
                        defaults(object.get(name), property.get());
                    } else if (schema.additionalProperties().isPresent()) {
                        var values =
                                (StructuralSchema) schema.additionalProperties().get();
                        if (isForbiddenNull(object.get(name), values)
                                && values.absent().isPresent()) {
                            object.set(name, values.absent().get().deepCopy());
                        }
                        defaults(object.get(name), values);
                    }
                }
            }
            case ArrayNode array ->
                schema.items().ifPresent(items -> {
                    var item = (StructuralSchema) items;
                    for (int i = 0; i < array.size(); i++) {
                        if (isForbiddenNull(array.get(i), item) && item.absent().isPresent()) {
                            array.set(i, item.absent().get().deepCopy());
                        }
                        defaults(array.get(i), item);
                    }
                });
            default -> {}
        }
    }

    private static void defaultField(ObjectNode object, String name, Schema of) {
        if (of instanceof StructuralSchema property && property.absent().isPresent()) {
            var present = object.get(name);
            if (present == null || isForbiddenNull(present, property)) {
                object.set(name, property.absent().get().deepCopy());
            }
        }
    }

    private static boolean isForbiddenNull(JsonNode value, StructuralSchema schema) {
        return value.isNull() && !schema.isNullable();
    }

    /// A null where none may be, and for which there is no default, is the same as nothing.
    private static void dropNulls(JsonNode value, Schema of) {
        if (!(of instanceof StructuralSchema schema)) {
            return;
        }
        switch (value) {
            case ObjectNode object -> {
                for (var name : names(object)) {
                    var property = schema.property(name).orElse(null);
                    if (property instanceof StructuralSchema known && isForbiddenNull(object.get(name), known)) {
                        object.remove(name);
                    } else {
                        var child = schema.property(name).or(schema::additionalProperties);
                        child.ifPresent(c -> dropNulls(object.get(name), c));
                    }
                }
            }
            case ArrayNode array -> schema.items().ifPresent(items -> array.forEach(item -> dropNulls(item, items)));
            default -> {}
        }
    }

    private static List<String> names(ObjectNode object) {
        var names = new ArrayList<String>(object.size());
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
