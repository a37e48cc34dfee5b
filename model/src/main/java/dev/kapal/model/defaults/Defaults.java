package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;

/// Fills in upstream's defaults in place. Idempotent. Any thread.
public final class Defaults {
    private Defaults() {}

    /// @param schema the type of the document
    public static void apply(Schema schema, ObjectNode document) {
        throw new UnsupportedOperationException();
    }
}
