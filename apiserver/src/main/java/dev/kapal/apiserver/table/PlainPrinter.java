package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/// Kinds of which only name and age are shown. Upstream's default shows the creation time in full.
final class PlainPrinter implements Printer {
    @Override
    public List<Column> columns() {
        return List.of(
                Column.ofName(),
                new Column(
                        "Created At",
                        "date",
                        "",
                        "CreationTimestamp is a timestamp representing the server time when this object was created.",
                        0));
    }

    @Override
    public void cells(ObjectNode object, Instant now, ArrayNode cells) {
        var metadata = object.path("metadata");
        cells.add(metadata.path("name").asText())
                .add(metadata.path("creationTimestamp").asText());
    }
}
