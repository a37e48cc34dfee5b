package dev.kapal.model.protobuf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Schema;
import dev.kapal.model.SchemaLibrary;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.Documents;
import java.util.Optional;

/// Reads Kubernetes' protobuf form. The result is the same document that JSON would have given. Any thread.
///
/// Source: API concepts, Kubernetes Protobuf encoding.
public final class ProtobufDecoder {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    private ProtobufDecoder() {}

    /// Throws [DecodeException] for what is not a message of a built-in kind.
    ///
    /// @param expected what the message is if it does not say so itself
    public static ObjectNode decode(byte[] body, GroupVersionKind expected) {
        var envelope = Envelope.open(body);
        var apiVersion = envelope.apiVersion().isEmpty() ? expected.apiVersion() : envelope.apiVersion();
        var kind = envelope.kind().isEmpty() ? expected.kind() : envelope.kind();
        if (kind.isEmpty()) {
            throw new DecodeException("Object 'Kind' is missing");
        }
        var actual = GroupVersionKind.of(apiVersion, kind);
        var schema = schema(actual)
                .orElseThrow(() -> new DecodeException(
                        "no kind \"" + kind + "\" is registered for version \"" + apiVersion
                                + "\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"",
                        actual));
        var document = Documents.object().put("kind", kind).put("apiVersion", apiVersion);
        try {
            new MessageReader().read(schema, envelope.message(), document);
        } catch (DecodeException malformed) {
            throw new DecodeException(malformed.getMessage(), actual);
        }
        return document;
    }

    private static Optional<Schema> schema(GroupVersionKind kind) {
        // every version of every group has these two
        if (kind.kind().equals("DeleteOptions") || kind.kind().equals("Status")) {
            return Optional.of(SchemaLibrary.builtIn().schema(META + kind.kind()));
        }
        return MessageTable.builtIn()
                .prefix(kind.apiVersion())
                .flatMap(prefix -> SchemaLibrary.builtIn().find(prefix + kind.kind()))
                .filter(schema -> schema.kinds().contains(kind))
                .filter(schema -> MessageTable.builtIn().find(schema.name()).isPresent());
    }
}
