package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// The cells of one kind, in the order of its definition's columns, the wide ones included. Stateless.
@FunctionalInterface
interface Printer {
    void print(ObjectNode object, Instant now, ArrayNode cells);
}
