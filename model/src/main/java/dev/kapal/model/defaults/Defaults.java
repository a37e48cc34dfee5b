package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Fills in upstream's defaults in place: first what the schema says of each field, then the rule of the type
/// ([DefaultRules]), then the same within. Idempotent. Any thread.
public final class Defaults {
    /// Types below which there is something to do. Grows to the number of types in use, then stays.
    private static final Map<String, Boolean> CONCERNED = new ConcurrentHashMap<>();

    private static final Map<String, JsonNode> PARSED = new ConcurrentHashMap<>();

    private Defaults() {}

    /// @param schema the type of the document
    public static void apply(Schema schema, ObjectNode document) {
        var form = schema.form();
        if (form.isPresent()) {
            form.get().defaults(document);
            return;
        }
        for (var field : schema.properties().entrySet()) {
            var value = field.getValue().defaultValue();
            if (value.isPresent() && isAbsent(field.getValue(), document.get(field.getKey()))) {
                document.set(field.getKey(), parsed(value.get()));
            }
        }
        DefaultRules.apply(schema.name(), document);
        for (var field : document.properties()) {
            within(schema, field.getKey(), field.getValue());
        }
    }

    /// Gives a field what it has when nobody says anything of it.
    public static void reset(Schema schema, ObjectNode document, String field) {
        var value = schema.property(field).flatMap(Schema::defaultValue);
        document.set(field, value.isPresent() ? parsed(value.get()) : Documents.object());
    }

    private static void within(Schema schema, String field, JsonNode value) {
        if (!value.isContainerNode()) {
            return;
        }
        var child = schema.additionalProperties().or(() -> schema.property(field));
        if (child.isPresent() && isConcerned(child.get())) {
            value(child.get(), value);
        }
    }

    private static void value(Schema schema, JsonNode value) {
        switch (value) {
            case ObjectNode object -> apply(schema, object);
            case ArrayNode array -> schema.items().ifPresent(items -> array.forEach(item -> value(items, item)));
            default -> {}
        }
    }

    private static boolean isAbsent(Schema field, JsonNode value) {
        if (value == null || value.isNull()) {
            return true;
        }
        if (value.isTextual()) {
            return value.textValue().isEmpty() && !field.keepsEmpty();
        }
        return field.zeroIsAbsent() && value.isNumber() && value.doubleValue() == 0;
    }

    private static JsonNode parsed(String json) {
        return PARSED.computeIfAbsent(json, j -> Documents.readAny(j.getBytes(StandardCharsets.UTF_8)))
                .deepCopy();
    }

    private static boolean isConcerned(Schema schema) {
        var type = element(schema);
        var known = CONCERNED.get(type.name());
        return known != null ? known : isConcerned(type, new HashSet<>());
    }

    /// What lists and maps hold, however deep.
    private static Schema element(Schema schema) {
        var inner = schema.items().or(schema::additionalProperties);
        return inner.isPresent() ? element(inner.get()) : schema;
    }

    private static boolean isConcerned(Schema type, Set<String> asking) {
        if (type.properties().isEmpty()) {
            return false;
        }
        var known = CONCERNED.get(type.name());
        if (known != null) {
            return known;
        }
        if (type.name().isEmpty()) {
            return true;
        }
        if (!asking.add(type.name())) {
            return false;
        }
        boolean concerned = DefaultRules.exist(type.name())
                || type.properties().values().stream()
                        .anyMatch(p -> p.defaultValue().isPresent() || isConcerned(element(p), asking));
        if (concerned || asking.size() == 1) {
            CONCERNED.put(type.name(), concerned); // a no from within a recursion could be premature
        }
        asking.remove(type.name());
        return concerned;
    }
}
