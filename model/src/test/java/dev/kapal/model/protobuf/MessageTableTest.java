package dev.kapal.model.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.Schema;
import dev.kapal.model.SchemaLibrary;
import dev.kapal.model.protobuf.MessageTable.Field;
import dev.kapal.model.protobuf.MessageTable.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Holds the table against the schemas: no field may lack a number, and no line may speak of what does not exist.
class MessageTableTest {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    private final SchemaLibrary schemas = SchemaLibrary.builtIn();
    private final MessageTable table = MessageTable.builtIn();
    private final Set<String> seen = new TreeSet<>();
    private final List<String> wrong = new ArrayList<>();

    @Test
    void numbersEveryFieldOfEveryKind() {
        for (var name : schemas.names()) {
            var schema = schemas.schema(name);
            if (!schema.kinds().isEmpty() && isCovered(name)) {
                check(schema);
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(table.names()).as("messages that nothing leads to").isSubsetOf(seen);
    }

    /// What `meta` holds of discovery is never sent by clients.
    private boolean isCovered(String name) {
        return name.startsWith(META)
                ? name.equals(META + "DeleteOptions") || name.equals(META + "Status")
                : table.prefixes().stream().anyMatch(name::startsWith);
    }

    private void check(Schema schema) {
        switch (schema.type()) {
            case ARRAY -> check(schema.items().orElseThrow());
            case OBJECT -> {
                schema.additionalProperties().ifPresent(this::check);
                if (schema.additionalProperties().isEmpty() && seen.add(schema.name())) {
                    object(schema);
                }
            }
            case STRING, INTEGER, NUMBER, BOOLEAN, INT_OR_STRING, QUANTITY, ANY -> {}
        }
    }

    private void object(Schema schema) {
        var message = table.find(schema.name());
        if (message.isEmpty()) {
            wrong.add(schema.name());
            return;
        }
        var numbered = new TreeSet<String>();
        names(message.get(), numbered);
        var properties = new TreeSet<>(schema.properties().keySet());
        if (!schema.kinds().isEmpty()) {
            properties.removeAll(Set.of("apiVersion", "kind"));
        }
        if (!numbered.equals(properties)) {
            wrong.add(schema.name() + ": numbers for " + numbered + ", but the fields are " + properties);
        }
        schema.properties().values().forEach(this::check);
    }

    private void names(Message message, Set<String> into) {
        for (Field field : message.fields().values()) {
            if (field.inline()) {
                seen.add(field.name());
                names(table.message(field.name()), into);
            } else if (!into.add(field.name())) {
                wrong.add(field.name() + " stands twice");
            }
        }
    }
}
