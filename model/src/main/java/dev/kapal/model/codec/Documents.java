package dev.kapal.model.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Trees to bytes and back without the cost of an object mapper at start. Any thread.
public final class Documents {
    private Documents() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// Compact JSON in UTF-8.
    public static byte[] json(JsonNode document) {
        throw new UnsupportedOperationException();
    }

    /// YAML in UTF-8.
    public static byte[] yaml(JsonNode document) {
        throw new UnsupportedOperationException();
    }

    /// Reads JSON that this process wrote itself: anything malformed is a defect.
    public static ObjectNode read(byte[] json) {
        throw new UnsupportedOperationException();
    }
}
