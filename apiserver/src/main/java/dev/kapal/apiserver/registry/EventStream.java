package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.codec.CborFormat;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.protobuf.ProtobufEncoder;
import java.util.Arrays;

/// How the events of a watch follow each other: JSON by lines, protobuf by lengths, CBOR as a sequence. Any thread.
record EventStream(MediaType encoding, String contentType) {
    static final EventStream JSON = new EventStream(MediaType.JSON, "application/json");
    private static final EventStream PROTOBUF =
            new EventStream(MediaType.PROTOBUF, "application/vnd.kubernetes.protobuf;stream=watch");
    private static final EventStream CBOR = new EventStream(MediaType.CBOR, "application/cbor-seq");

    /// YAML cannot be streamed: who asks for it gets JSON.
    static EventStream of(MediaType encoding) {
        return switch (encoding) {
            case JSON, YAML -> JSON;
            case PROTOBUF -> PROTOBUF;
            case CBOR -> CBOR;
        };
    }

    byte[] event(String type, ObjectNode object) {
        return switch (encoding) {
            case PROTOBUF -> ProtobufEncoder.event(type, ProtobufEncoder.encode(object));
            case CBOR -> CborFormat.event(type, CborFormat.write(object));
            case JSON, YAML -> line(type, object);
        };
    }

    /// @param object as [Forms#encoded] makes it
    byte[] event(String type, GroupVersionKind kind, byte[] object) {
        return encoding == MediaType.CBOR
                ? CborFormat.event(type, object)
                : ProtobufEncoder.event(type, ProtobufEncoder.envelope(kind, object));
    }

    private static byte[] line(String type, ObjectNode object) {
        var event = Documents.object().put("type", type);
        event.set("object", object);
        byte[] json = Documents.json(event);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }
}
