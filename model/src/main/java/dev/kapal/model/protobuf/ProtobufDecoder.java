package dev.kapal.model.protobuf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.Documents;
import java.util.Arrays;

/// Reads Kubernetes' protobuf form: four bytes that say so, then a `runtime.Unknown` that names the type and holds the
/// message. The result is the same document that JSON would have given. Any thread.
///
/// Source: API concepts, Kubernetes Protobuf encoding.
public final class ProtobufDecoder {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private ProtobufDecoder() {}

    /// Throws [DecodeException] for what is not a message of a known type.
    public static ObjectNode decode(byte[] body) {
        if (body.length < MAGIC.length || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new DecodeException(
                    "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }
        var envelope = new Wire(Arrays.copyOfRange(body, MAGIC.length, body.length));
        var apiVersion = "";
        var kind = "";
        byte[] message = {};
        while (envelope.hasMore()) {
            int tag = envelope.tag();
            if (tag >>> 3 == 1) {
                var type = envelope.block();
                while (type.hasMore()) {
                    int inner = type.tag();
                    var text = type.block().text();
                    if (inner >>> 3 == 1) {
                        apiVersion = text;
                    } else {
                        kind = text;
                    }
                }
            } else if (tag >>> 3 == 2) {
                message = envelope.block().copy();
            } else {
                envelope.skip(tag & 7);
            }
        }
        return decode(apiVersion, kind, message);
    }

    private static ObjectNode decode(String apiVersion, String kind, byte[] message) {
        var document = Documents.object().put("kind", kind).put("apiVersion", apiVersion);
        var type = typeName(GroupVersion.parse(apiVersion), kind);
        if (Messages.find(type).isEmpty()) {
            throw new DecodeException("no kind \"" + kind + "\" is registered for version \"" + apiVersion + "\"");
        }
        new MessageReader().read(type, new Wire(message), document);
        return document;
    }

    private static String typeName(GroupVersion version, String kind) {
        if (kind.endsWith("Options") || kind.equals("Status")) {
            return "k8s.io.apimachinery.pkg.apis.meta.v1." + kind;
        }
        var group = version.group();
        int dot = group.indexOf('.');
        var folder = group.isEmpty() ? "core" : dot < 0 ? group : group.substring(0, dot);
        return "k8s.io.api." + folder + "." + version.version() + "." + kind;
    }
}
