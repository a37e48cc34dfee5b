package dev.kapal.apiserver.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// How an object lies in the store: compact JSON that begins with `kind`, `apiVersion` and `metadata`, and knows no
/// resourceVersion, because the version is the number of the write itself. Because the beginning is fixed, the
/// version
/// can be put in by copying bytes, without reading the document. Any thread.
public final class StoredForm {
    private static final byte[] METADATA = ascii("\"metadata\":{");
    private static final byte[] VERSION = ascii("\"resourceVersion\":\"");

    private StoredForm() {}

    /// The bytes to store for `document`, which is left without a resourceVersion and with its fields in order.
    public static byte[] encode(ObjectNode document) {
        if (document.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("resourceVersion");
        }
        return Documents.json(ordered(document));
    }

    /// `stored` with `revision` as its resourceVersion.
    public static byte[] withVersion(byte[] stored, long revision) {
        int at = metadata(stored);
        byte[] digits = ascii(Long.toString(revision));
        boolean alone = stored[at] == '}';
        int added = VERSION.length + digits.length + (alone ? 1 : 2);
        byte[] result = new byte[stored.length + added];
        System.arraycopy(stored, 0, result, 0, at);
        System.arraycopy(VERSION, 0, result, at, VERSION.length);
        System.arraycopy(digits, 0, result, at + VERSION.length, digits.length);
        int end = at + VERSION.length + digits.length;
        result[end++] = '"';
        if (!alone) {
            result[end++] = ',';
        }
        System.arraycopy(stored, at, result, end, stored.length - at);
        return result;
    }

    /// The opposite of [#withVersion].
    static byte[] withoutVersion(byte[] versioned) {
        int at = metadata(versioned);
        int end = at + VERSION.length;
        while (versioned[end] != '"') {
            end++;
        }
        end += versioned[end + 1] == ',' ? 2 : 1;
        byte[] result = Arrays.copyOf(versioned, versioned.length - (end - at));
        System.arraycopy(versioned, end, result, at, versioned.length - end);
        return result;
    }

    /// The fields that come first in every document, then the rest as it was.
    private static ObjectNode ordered(ObjectNode document) {
        var result = Documents.object();
        move(document, "kind", result);
        move(document, "apiVersion", result);
        move(document, "metadata", result);
        result.setAll(document);
        return result;
    }

    private static void move(ObjectNode from, String field, ObjectNode to) {
        JsonNode value = from.get(field);
        if (value != null) {
            to.set(field, value);
        }
    }

    /// The offset of the first field of the metadata. Only `kind` and `apiVersion` stand before it, and neither can
    /// hold a quote.
    private static int metadata(byte[] json) {
        outer:
        for (int i = 0; i + METADATA.length < json.length; i++) {
            for (int j = 0; j < METADATA.length; j++) {
                if (json[i + j] != METADATA[j]) {
                    continue outer;
                }
            }
            return i + METADATA.length;
        }
        throw new IllegalArgumentException("not in stored form, no metadata in " + json.length + " bytes");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
