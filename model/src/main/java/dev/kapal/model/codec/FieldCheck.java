package dev.kapal.model.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import java.util.List;

/// Compares a document with its schema. The order in which a server uses it: [#types(Schema, ObjectNode)], then
/// [#strict(Schema, Decoded)] when the request wants to know of unknown fields, then [#prune(Schema, ObjectNode)]. Any
/// thread.
public final class FieldCheck {
    private FieldCheck() {}

    /// One message per unknown field in document order: `unknown field "spec.foo"`.
    public static List<String> unknown(Schema schema, ObjectNode document) {
        return new UnknownFields(List.of()).check(schema, document);
    }

    /// Unknown fields and keys that stood twice, in document order. These are the warnings of `fieldValidation=Warn`; a
    /// strict request joins them with [#strictError(List)].
    public static List<String> strict(Schema schema, Decoded decoded) {
        return new UnknownFields(decoded.duplicates()).check(schema, decoded.document());
    }

    /// `strict decoding error: unknown field "spec.foo", duplicate field "spec.replicas"`.
    public static String strictError(List<String> messages) {
        return "strict decoding error: " + String.join(", ", messages);
    }

    /// Changes the document in place into what decoding it into a typed object and encoding that again would give:
    /// without
    /// unknown fields, nulls, empty optional lists, maps and texts; quantities and times in canonical form.
    public static void prune(Schema schema, ObjectNode document) {
        var form = schema.form();
        if (form.isPresent()) {
            form.get().prune(document);
        } else {
            NormalForm.apply(schema, document);
        }
    }

    /// Throws [DecodeException] for the first value of a wrong type: `json: cannot unmarshal string into Go struct
    /// field
    /// DeploymentSpec.spec.replicas of type int32`.
    public static void types(Schema schema, ObjectNode document) {
        var form = schema.form();
        if (form.isPresent()) {
            form.get().types(document);
        } else {
            new TypeCheck().check(schema, document);
        }
    }
}
