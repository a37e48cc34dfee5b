package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// Name, phase, age.
final class NamespacePrinter implements Printer {
    @Override
    public void print(ObjectNode namespace, Instant now, ArrayNode cells) {
        cells.add(Cells.name(namespace))
                .add(namespace.path("status").path("phase").asText(""))
                .add(Cells.age(namespace, now));
    }
}
