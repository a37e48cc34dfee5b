package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// Name, number of secrets, age.
final class ServiceAccountPrinter implements Printer {
    @Override
    public void print(ObjectNode account, Instant now, ArrayNode cells) {
        cells.add(Cells.name(account)).add(account.path("secrets").size()).add(Cells.age(account, now));
    }
}
