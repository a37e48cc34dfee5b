package dev.kapal.model.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import java.util.List;

/// Compares a document with its schema. Any thread.
public final class FieldCheck {
    private FieldCheck() {}

    /// One message per unknown field in document order: `unknown field "spec.foo"`. These are the warnings; a strict
    /// request joins them (and [Decoded#duplicates()]) with [#strictError(List)].
    public static List<String> unknown(Schema schema, ObjectNode document) {
        throw new UnsupportedOperationException();
    }

    /// `strict decoding error: unknown field "spec.foo", duplicate field "spec.replicas"`.
    public static String strictError(List<String> messages) {
        return "strict decoding error: " + String.join(", ", messages);
    }

    /// Removes in place what the schema does not know and every null, as decoding into a typed object does.
    public static void prune(Schema schema, ObjectNode document) {
        throw new UnsupportedOperationException();
    }

    /// Throws [DecodeException] for the first value of a wrong type: `json: cannot unmarshal string into Go struct
    /// field
    /// DeploymentSpec.spec.replicas of type int32`.
    public static void types(Schema schema, ObjectNode document) {
        throw new UnsupportedOperationException();
    }
}
