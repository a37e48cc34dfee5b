package dev.kapal.model.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Schema;
import dev.kapal.model.SchemaLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Writes documents of built-in kinds in Kubernetes' protobuf form. Any thread.
///
/// Source: API concepts, Kubernetes Protobuf encoding; `runtime.Unknown`, `meta/v1` WatchEvent.
public final class ProtobufEncoder {
    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String PARTIAL = "PartialObjectMetadata";

    private ProtobufEncoder() {}

    /// Whether documents of that kind have a form in protobuf.
    public static boolean knows(GroupVersionKind kind) {
        return schema(kind).isPresent();
    }

    /// The document with what stands around it. Throws [IllegalArgumentException] for a kind that has no such form.
    public static byte[] encode(ObjectNode document) {
        var kind = kind(document);
        return envelope(kind, message(kind, document));
    }

    /// The fields of a document alone, to be put into a list or an envelope later.
    public static byte[] message(GroupVersionKind kind, ObjectNode document) {
        if (kind.kind().startsWith(PARTIAL)) {
            return partial(document).toBytes();
        }
        var schema = schema(kind).orElseThrow(() -> new IllegalArgumentException("no message for " + kind));
        return MessageWriter.write(schema, schema.name(), document).toBytes();
    }

    /// What stands around a message: what it is.
    public static byte[] envelope(GroupVersionKind kind, byte[] message) {
        var type = new WireWriter();
        type.textField(1, kind.apiVersion());
        type.textField(2, kind.kind());
        var out = new WireWriter();
        out.raw(MAGIC);
        out.messageField(1, type);
        out.bytesField(2, message);
        out.textField(3, "");
        out.textField(4, "");
        return out.toBytes();
    }

    /// A list of messages, in pieces.
    ///
    /// @param kind of the list
    /// @param metadata a `ListMeta`
    public static List<byte[]> list(GroupVersionKind kind, JsonNode metadata, List<byte[]> items) {
        var body = new ArrayList<byte[]>(items.size() * 2 + 2);
        var meta = new WireWriter();
        meta.messageField(1, MessageWriter.write(meta("ListMeta"), META + "ListMeta", metadata));
        body.add(meta.toBytes());
        long length = body.getFirst().length;
        for (var item : items) {
            var head = new WireWriter();
            head.tag(2, Wire.BYTES);
            head.varint(item.length);
            body.add(head.toBytes());
            body.add(item);
            length += body.get(body.size() - 2).length + item.length;
        }
        var type = new WireWriter();
        type.textField(1, kind.apiVersion());
        type.textField(2, kind.kind());
        var head = new WireWriter();
        head.raw(MAGIC);
        head.messageField(1, type);
        head.tag(2, Wire.BYTES);
        head.varint(length);
        body.addFirst(head.toBytes());
        return body;
    }

    /// One event of a watch, with its length before it.
    ///
    /// @param object an enveloped document
    public static byte[] event(String type, byte[] object) {
        var raw = new WireWriter();
        raw.bytesField(1, object);
        var event = new WireWriter();
        event.textField(1, type);
        event.messageField(2, raw);
        byte[] bytes = event.toBytes();
        byte[] framed = new byte[bytes.length + Integer.BYTES];
        for (int i = 0; i < Integer.BYTES; i++) {
            framed[i] = (byte) (bytes.length >>> (24 - 8 * i));
        }
        System.arraycopy(bytes, 0, framed, Integer.BYTES, bytes.length);
        return framed;
    }

    /// Nothing but the metadata, of one object or of many.
    private static WireWriter partial(ObjectNode document) {
        var out = new WireWriter();
        boolean list = document.has("items");
        var type = list ? "ListMeta" : "ObjectMeta";
        out.messageField(1, MessageWriter.write(meta(type), META + type, document.path("metadata")));
        for (var item : document.path("items")) {
            out.messageField(2, partial((ObjectNode) item));
        }
        return out;
    }

    private static GroupVersionKind kind(ObjectNode document) {
        return GroupVersionKind.of(
                document.path("apiVersion").asText(), document.path("kind").asText());
    }

    private static Schema meta(String name) {
        return SchemaLibrary.builtIn().schema(META + name);
    }

    private static Optional<Schema> schema(GroupVersionKind kind) {
        if (kind.kind().equals("Status")) {
            return Optional.of(meta("Status"));
        }
        return MessageTable.builtIn()
                .prefix(kind.apiVersion())
                .flatMap(prefix -> SchemaLibrary.builtIn().find(prefix + kind.kind()))
                .filter(schema -> MessageTable.builtIn().find(schema.name()).isPresent());
    }
}
