package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// Name, holder, age.
final class LeasePrinter implements Printer {
    @Override
    public void print(ObjectNode lease, Instant now, ArrayNode cells) {
        cells.add(Cells.name(lease))
                .add(lease.path("spec").path("holderIdentity").asText(""))
                .add(Cells.age(lease, now));
    }
}
