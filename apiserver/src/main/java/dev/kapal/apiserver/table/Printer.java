package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.time.Instant;
import java.util.List;

/// How one kind is shown. Stateless.
public interface Printer {
    List<Column> columns();

    /// Adds one cell per column.
    void cells(ObjectNode object, Instant now, ArrayNode cells);

    /// The `Table` of `objects`.
    ///
    /// @param version `v1` or `v1beta1` of `meta.k8s.io`
    default ObjectNode table(
            List<ObjectNode> objects, ObjectNode metadata, String version, IncludeObject include, Instant now) {
        var table = Documents.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/" + version);
        table.set("metadata", metadata);
        var definitions = table.putArray("columnDefinitions");
        for (var column : columns()) {
            definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.format())
                    .put("description", column.description())
                    .put("priority", column.priority());
        }
        var rows = table.putArray("rows");
        for (var object : objects) {
            var row = rows.addObject();
            cells(object, now, row.putArray("cells"));
            row.set(
                    "object",
                    switch (include) {
                        case NONE -> JsonNodeFactory.instance.nullNode();
                        case METADATA -> PartialObjects.of(object, "meta.k8s.io/" + version);
                        case OBJECT -> object;
                    });
        }
        return table;
    }
}
