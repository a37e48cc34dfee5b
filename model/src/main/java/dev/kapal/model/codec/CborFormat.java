package dev.kapal.model.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Documents as CBOR. Clients may send text as bytes, as upstream's does; bytes that a tag calls base64 are what JSON
/// has
/// as such a text. Any thread.
///
/// Source: RFC 8949, RFC 8742 (sequences), KEP-4222.
public final class CborFormat {
    private static final CBORFactory FACTORY = CBORFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Documents.MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /// "What follows is CBOR."
    private static final byte[] SELF_DESCRIBED = {(byte) 0xd9, (byte) 0xd9, (byte) 0xf7};

    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int LATER_BASE64URL = 21;
    private static final int LATER_BASE64 = 22;

    private CborFormat() {}

    static JsonNode read(byte[] body, List<String> duplicates) {
        try (var parser = FACTORY.createParser(body)) {
            return new JsonTree(parser, duplicates).read();
        } catch (StreamConstraintsException e) {
            throw new DecodeException("exceeded max depth");
        } catch (JsonProcessingException e) {
            throw new DecodeException("cbor: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The bytes that the parser is at.
    static JsonNode binary(JsonParser parser) throws IOException {
        byte[] bytes = parser.getBinaryValue();
        int tag = parser instanceof CBORParser cbor ? cbor.getCurrentTag() : -1;
        return JsonNodeFactory.instance.textNode(
                tag == LATER_BASE64 || tag == LATER_BASE64URL
                        ? Base64.getEncoder().encodeToString(bytes)
                        : new String(bytes, StandardCharsets.UTF_8));
    }

    /// A whole answer: `value` with the mark that says what it is.
    public static byte[] marked(byte[] value) {
        byte[] marked = new byte[SELF_DESCRIBED.length + value.length];
        System.arraycopy(SELF_DESCRIBED, 0, marked, 0, SELF_DESCRIBED.length);
        System.arraycopy(value, 0, marked, SELF_DESCRIBED.length, value.length);
        return marked;
    }

    /// Without the mark, so that it can stand within another document.
    public static byte[] write(JsonNode document) {
        try (var bytes = new ByteArrayOutputStream(512);
                var out = FACTORY.createGenerator(bytes)) {
            write(out, document);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(JsonGenerator out, JsonNode node) throws IOException {
        switch (node) {
            case ObjectNode object -> {
                out.writeStartObject(object, object.size());
                for (var entry : object.properties()) {
                    out.writeFieldName(entry.getKey());
                    write(out, entry.getValue());
                }
                out.writeEndObject();
            }
            case JsonNode array
            when array.isArray() -> {
                out.writeStartArray(array, array.size());
                for (var item : array) {
                    write(out, item);
                }
                out.writeEndArray();
            }
            default -> Documents.write(out, node, false);
        }
    }

    /// A marked list of documents that are written already, in pieces.
    public static List<byte[]> list(String kind, String apiVersion, JsonNode metadata, List<byte[]> items) {
        var head = new ByteArrayOutputStream();
        head.writeBytes(SELF_DESCRIBED);
        head(head, MAP, 4);
        text(head, "kind");
        text(head, kind);
        text(head, "apiVersion");
        text(head, apiVersion);
        text(head, "metadata");
        head.writeBytes(write(metadata));
        text(head, "items");
        head(head, ARRAY, items.size());
        var pieces = new ArrayList<byte[]>(items.size() + 1);
        pieces.add(head.toByteArray());
        pieces.addAll(items);
        return pieces;
    }

    /// One event of a watch, an item of a sequence.
    public static byte[] event(String type, byte[] object) {
        var event = new ByteArrayOutputStream(object.length + 32);
        head(event, MAP, 2);
        text(event, "type");
        text(event, type);
        text(event, "object");
        event.writeBytes(object);
        return event.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        head(out, TEXT, bytes.length);
        out.writeBytes(bytes);
    }

    /// What comes and how long it is.
    private static void head(ByteArrayOutputStream out, int major, int length) {
        int type = major << 5;
        if (length < 24) {
            out.write(type | length);
        } else if (length < 0x100) {
            out.write(type | 24);
            out.write(length);
        } else if (length < 0x10000) {
            out.write(type | 25);
            out.write(length >>> 8);
            out.write(length);
        } else {
            out.write(type | 26);
            for (int shift = 24; shift >= 0; shift -= 8) {
                out.write(length >>> shift);
            }
        }
    }
}
