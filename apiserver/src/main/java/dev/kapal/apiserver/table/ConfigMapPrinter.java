package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// Name, number of keys, age.
final class ConfigMapPrinter implements Printer {
    @Override
    public void print(ObjectNode map, Instant now, ArrayNode cells) {
        cells.add(Cells.name(map))
                .add(map.path("data").size() + map.path("binaryData").size())
                .add(Cells.age(map, now));
    }
}
