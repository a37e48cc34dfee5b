package dev.kapal.model.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.protobuf.ProtobufDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Reads what clients send. Any thread.
public final class DocumentDecoder {
    private static final String NO_KIND = "couldn't get version/kind; json parse error: ";
    private static final GroupVersionKind UNKNOWN = new GroupVersionKind("", "", "");
    private static final int SHOWN_OF_BODY = 30;

    /// Throws [DecodeException] for what is not one JSON or YAML object or one protobuf message of a built-in kind, or
    /// goes beyond the limits on depth and aliases.
    ///
    /// @param expected what a protobuf message is if it does not say so itself
    public Decoded decode(byte[] body, MediaType type, GroupVersionKind expected) {
        var duplicates = new ArrayList<String>();
        var root = switch (type) {
            case JSON -> json(body, duplicates);
            case YAML -> YamlFormat.read(body, duplicates);
            case PROTOBUF -> ProtobufDecoder.decode(body, expected);
            case CBOR -> CborFormat.read(body, duplicates);
        };
        if (root instanceof ObjectNode document) {
            return new Decoded(document, duplicates);
        }
        if (root.isNull()) {
            return new Decoded(Documents.object(), duplicates);
        }
        throw new DecodeException(NO_KIND + "json: cannot unmarshal " + GoNames.ofValue(root)
                + " into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\";"
                + " Kind string \"json:\\\"kind,omitempty\\\"\" }");
    }

    /// The same for JSON and YAML, or where a protobuf message must say what it is.
    public Decoded decode(byte[] body, MediaType type) {
        return decode(body, type, UNKNOWN);
    }

    /// Any JSON value, for bodies that are not objects (JSON patches). Throws [DecodeException] whose message is the
    /// bare
    /// syntax error.
    public static JsonNode value(byte[] body) {
        return JsonFormat.read(body, new ArrayList<>());
    }

    /// The strict-decoding messages for keys that stand twice in a JSON text which is known to be well-formed.
    public static List<String> duplicates(byte[] body) {
        var duplicates = new ArrayList<String>();
        JsonFormat.read(body, duplicates);
        return duplicates;
    }

    /// The sentence that upstream puts around a decode error when the body's own kind is unknown.
    public static String unrecognized(String expectedKind, String error, byte[] body) {
        return "the object provided is unrecognized (must be of type " + expectedKind + "): " + error + " ("
                + summary(body) + ")";
    }

    /// The sentence that upstream puts around a decode error when the body says what kind it is.
    public static String cannotBeHandled(String kind, String version, String expectedKind, String error) {
        return kind + " in version \"" + version + "\" cannot be handled as a " + expectedKind + ": " + error;
    }

    private static JsonNode json(byte[] body, List<String> duplicates) {
        try {
            return JsonFormat.read(body, duplicates);
        } catch (DecodeException malformed) {
            throw new DecodeException(NO_KIND + malformed.getMessage());
        }
    }

    private static String summary(byte[] body) {
        if (body.length == 0) {
            return "<empty>";
        }
        int shown = Math.min(body.length, SHOWN_OF_BODY);
        var text = body[0] == '{'
                ? new String(body, 0, shown, StandardCharsets.UTF_8)
                : HexFormat.of().formatHex(body, 0, shown);
        return body.length > SHOWN_OF_BODY ? text + " ..." : text;
    }
}
