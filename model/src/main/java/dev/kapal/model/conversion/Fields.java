package dev.kapal.model.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.Optional;
import java.util.function.Consumer;

/// The small moves that conversions are made of. A field that is absent or of an unexpected type is left alone.
final class Fields {
    private Fields() {}

    static Optional<ObjectNode> object(JsonNode parent, String field) {
        return parent.get(field) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    /// Each object of a list.
    static void each(JsonNode parent, String field, Consumer<ObjectNode> action) {
        if (parent.get(field) instanceof ArrayNode items) {
            for (var item : items) {
                if (item instanceof ObjectNode object) {
                    action.accept(object);
                }
            }
        }
    }

    static void rename(ObjectNode object, String from, String to) {
        move(object, from, object, to);
    }

    static void move(ObjectNode from, String field, ObjectNode to, String name) {
        var value = from.remove(field);
        if (value != null && !value.isNull()) {
            to.set(name, value);
        }
    }

    static void copy(JsonNode from, String field, ObjectNode to, String name) {
        if (from.hasNonNull(field)) {
            to.set(name, from.get(field).deepCopy());
        }
    }

    /// The annotation of a document, taken out of it.
    static Optional<String> takeAnnotation(ObjectNode document, String key) {
        var metadata = object(document, "metadata");
        var annotations = metadata.flatMap(m -> object(m, "annotations"));
        var value = annotations.map(a -> a.remove(key));
        if (annotations.isPresent() && annotations.get().isEmpty()) {
            metadata.get().remove("annotations");
        }
        return value.map(JsonNode::asText);
    }

    static void annotate(ObjectNode document, String key, String value) {
        var metadata = object(document, "metadata").orElseGet(() -> document.putObject("metadata"));
        object(metadata, "annotations")
                .orElseGet(() -> metadata.putObject("annotations"))
                .put(key, value);
    }

    static void put(ObjectNode object, String field, Optional<? extends JsonNode> value) {
        value.ifPresent(v -> object.set(field, v));
    }

    static ObjectNode objectOf(String field, JsonNode value) {
        var object = Documents.object();
        object.set(field, value);
        return object;
    }
}
