package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.http.BodyTooLargeException;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.Decoded;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.FieldCheck;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.defaults.Defaults;
import java.util.ArrayList;
import java.util.List;

/// Reads the objects that clients send: from bytes to a complete document of the expected kind. Any thread.
final class BodyReader {
    private static final int LIMIT = 3 * 1024 * 1024;
    private static final DocumentDecoder decoder = new DocumentDecoder();

    private BodyReader() {}

    /// What to do about unknown and duplicate fields.
    enum Strictness {
        IGNORE,
        WARN,
        STRICT;

        static Strictness of(Call call) {
            var text = call.query().first("fieldValidation");
            return switch (text) {
                case "", "Warn" -> WARN;
                case "Ignore" -> IGNORE;
                case "Strict" -> STRICT;
                default -> throw ApiException.badRequest("fieldValidation parameter not supported. Got: " + text);
            };
        }
    }

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
        var decoded = decode(call, expected);
        checkKind(decoded.document(), expected);
        complete(decoded, expected, schema, Strictness.of(call), warnings);
        return decoded.document();
    }

    /// Decodes the body whatever it is; throws 415 and 400.
    static Decoded decode(Call call, GroupVersionKind expected) {
        byte[] body = body(call);
        var type = MediaType.of(call.request().header("Content-Type").orElse(""))
                .orElseThrow(() -> ApiException.unsupportedMediaType(Negotiation.MEDIA_TYPES));
        try {
            return decoder.decode(body, type, expected);
        } catch (DecodeException malformed) {
            var message = malformed.getMessage();
            throw ApiException.badRequest(malformed
                    .kind()
                    .map(actual ->
                            DocumentDecoder.cannotBeHandled(actual.kind(), actual.version(), expected.kind(), message))
                    .orElseGet(() -> DocumentDecoder.unrecognized(expected.kind(), message, body)));
        }
    }

    /// Checks the fields of a decoded document against its schema, prunes it and fills in defaults.
    static void complete(
            Decoded decoded, GroupVersionKind kind, Schema schema, Strictness strictness, Warnings warnings) {
        var document = decoded.document();
        try {
            FieldCheck.types(schema, document);
            if (strictness != Strictness.IGNORE) {
                var findings = new ArrayList<>(decoded.duplicates());
                findings.addAll(FieldCheck.unknown(schema, document));
                report(findings, strictness, warnings);
            }
        } catch (DecodeException unfit) {
            throw ApiException.badRequest(kind.kind() + " in version \"" + kind.version() + "\" cannot be handled as a "
                    + kind.kind() + ": " + unfit.getMessage());
        }
        FieldCheck.prune(schema, document);
        Defaults.apply(schema, document);
    }

    private static void report(List<String> findings, Strictness strictness, Warnings warnings) {
        if (findings.isEmpty()) {
            return;
        }
        if (strictness == Strictness.STRICT) {
            throw new DecodeException(FieldCheck.strictError(findings));
        }
        findings.forEach(warnings::add);
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
