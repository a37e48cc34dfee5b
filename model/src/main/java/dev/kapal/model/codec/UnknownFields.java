package dev.kapal.model.codec;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Schema;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Walks a document and collects what a strict decoder complains of, each complaint once. One walk, one thread.
final class UnknownFields {
    /// Upstream complains of no more.
    static final int MOST = 100;

    private final Set<String> duplicates;
    private final Set<String> messages = new LinkedHashSet<>();
    private final FieldPath path = new FieldPath();

    UnknownFields(List<String> duplicates) {
        this.duplicates = new LinkedHashSet<>(duplicates);
    }

    List<String> check(Schema schema, JsonNode document) {
        if (schema.form().isPresent()) {
            messages.addAll(duplicates); // their decoder tells of all of them, before anything else
        }
        walk(schema, document);
        // what the walk did not meet: keys that stood twice below unknown fields stay unmentioned, YAML's own words do
        // not
        duplicates.stream().filter(d -> d.startsWith("yaml:")).forEach(messages::add);
        return messages.stream().limit(MOST).toList();
    }

    private void walk(Schema schema, JsonNode value) {
        switch (schema.type()) {
            case OBJECT -> object(schema, value);
            case ARRAY -> array(schema, value);
            default -> {}
        }
    }

    private void object(Schema schema, JsonNode value) {
        var values = schema.additionalProperties();
        for (var field : value.properties()) {
            path.field(field.getKey());
            var child = values.isPresent() ? values : schema.property(field.getKey());
            if (child.isEmpty() && !schema.preservesUnknownFields()) {
                unknown();
            } else {
                if (!duplicates.isEmpty() && duplicates.contains(path.duplicate())) {
                    messages.add(path.duplicate());
                }
                child.ifPresent(c -> walk(c, field.getValue()));
            }
            path.up();
        }
    }

    private void unknown() {
        if (messages.size() < MOST) {
            messages.add(path.unknown());
        }
    }

    private void array(Schema schema, JsonNode value) {
        var items = schema.items().orElseThrow();
        for (int i = 0; i < value.size(); i++) {
            path.index(i);
            walk(items, value.get(i));
            path.up();
        }
    }
}
