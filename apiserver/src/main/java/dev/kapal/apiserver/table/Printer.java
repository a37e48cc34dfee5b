package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/// The rows of one kind. Stateless.
@FunctionalInterface
interface Printer {
    /// The cells in the order of the definition's columns, the wide ones included.
    void print(ObjectNode object, Instant now, ArrayNode cells);

    /// Notes on the row what holds for it as a whole; nothing for most kinds.
    default void annotate(ObjectNode object, ObjectNode row) {}

    /// The objects of a list in the order of its rows.
    default List<ObjectNode> inOrder(List<ObjectNode> objects) {
        return objects;
    }
}
