package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.audit.AuditTrail;
import dev.kapal.http.BodyTooLargeException;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.Decoded;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.FieldCheck;
import dev.kapal.model.codec.MediaType;
import java.util.Optional;

/// Reads the objects that clients send: from bytes to a complete document of the expected kind. Any thread.
final class BodyReader {
    private static final int LIMIT = 3 * 1024 * 1024;
    private static final DocumentDecoder decoder = new DocumentDecoder();

    private BodyReader() {}

    static byte[] body(Call call) {
        try {
            byte[] body = call.request().body();
            if (body.length > LIMIT) {
                throw ApiException.tooLarge("limit is " + LIMIT);
            }
            return body;
        } catch (BodyTooLargeException tooLarge) {
            throw ApiException.tooLarge("limit is " + LIMIT);
        }
    }

    /// The body as a complete document of `expected`, pruned and with defaults.
    static ObjectNode object(Call call, GroupVersionKind expected, Schema schema, Warnings warnings) {
        var type = MediaType.of(call.request().header("Content-Type").orElse(""));
        if (schema.form().isPresent() && type.equals(Optional.of(MediaType.PROTOBUF))) {
            throw ApiException.unsupportedMediaType(Negotiation.MEDIA_TYPES.subList(0, 2)); // it has no field numbers
        }
        var decoded = decode(call, expected);
        checkKind(decoded.document(), expected);
        try {
            FieldValidation.of(call)
                    .complete(schema, decoded.document(), () -> FieldCheck.strict(schema, decoded), warnings);
        } catch (DecodeException unfit) {
            throw ApiException.badRequest(DocumentDecoder.cannotBeHandled(
                    expected.kind(), expected.version(), expected.kind(), unfit.getMessage()));
        }
        AuditTrail.requestObject(decoded.document());
        return decoded.document();
    }

    /// Decodes the body whatever it is; throws 415 and 400.
    static Decoded decode(Call call, GroupVersionKind expected) {
        byte[] body = body(call);
        var type = MediaType.of(call.request().header("Content-Type").orElse(""))
                .orElseThrow(() -> ApiException.unsupportedMediaType(Negotiation.MEDIA_TYPES));
        try {
            var decoded = decoder.decode(body, type, expected);
            AuditTrail.requestObject(decoded.document());
            return decoded;
        } catch (DecodeException malformed) {
            var message = malformed.getMessage();
            throw ApiException.badRequest(malformed
                    .kind()
                    .map(actual ->
                            DocumentDecoder.cannotBeHandled(actual.kind(), actual.version(), expected.kind(), message))
                    .orElseGet(() -> DocumentDecoder.unrecognized(expected.kind(), message, body)));
        }
    }

    /// Fills in a missing type and refuses another one.
    private static void checkKind(ObjectNode document, GroupVersionKind expected) {
        var apiVersion = document.path("apiVersion").asText("");
        var kind = document.path("kind").asText("");
        var actual = apiVersion.isEmpty() ? expected.groupVersion() : GroupVersion.parse(apiVersion);
        if (!kind.isEmpty() && !kind.equals(expected.kind())) {
            var why = "converting (" + actual.version() + "." + kind + ") to (" + internal(expected.group()) + "."
                    + expected.kind() + "): unknown conversion";
            throw ApiException.badRequest(
                    DocumentDecoder.cannotBeHandled(kind, actual.version(), expected.kind(), why));
        }
        if (!actual.equals(expected.groupVersion())) {
            throw ApiException.badRequest("the API version in the data (" + actual.apiVersion()
                    + ") does not match the expected API version (" + expected.apiVersion() + ")");
        }
        document.put("kind", expected.kind()).put("apiVersion", expected.apiVersion());
    }

    /// The name of upstream's package for the internal types of a group, which its message shows.
    private static String internal(String group) {
        if (group.isEmpty()) {
            return "core";
        }
        int dot = group.indexOf('.');
        return dot < 0 ? group : group.substring(0, dot);
    }
}
