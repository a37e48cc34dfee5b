package dev.kapal.model.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;

/// Applies patches. Each method takes the patch as it came over the wire, leaves the document alone and returns a new
/// one. Any thread.
public final class Patches {
    private Patches() {}

    /// RFC 6902.
    public static ObjectNode json(ObjectNode document, byte[] patch) {
        throw new UnsupportedOperationException();
    }

    /// RFC 7386.
    public static ObjectNode merge(ObjectNode document, byte[] patch) {
        throw new UnsupportedOperationException();
    }

    /// Strategic merge patch, by the merge keys of the schema.
    public static ObjectNode strategic(Schema schema, ObjectNode document, byte[] patch) {
        throw new UnsupportedOperationException();
    }
}
