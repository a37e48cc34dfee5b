package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// Name, type, number of keys, age; never a value.
final class SecretPrinter implements Printer {
    @Override
    public void print(ObjectNode secret, Instant now, ArrayNode cells) {
        cells.add(Cells.name(secret))
                .add(secret.path("type").asText(""))
                .add(secret.path("data").size())
                .add(Cells.age(secret, now));
    }
}
