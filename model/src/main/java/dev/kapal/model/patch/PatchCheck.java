package dev.kapal.model.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.GoNames;
import java.util.ArrayList;
import java.util.List;

/// Looks at the text of a patch before it is applied, for clients who want to hear of unknown and duplicate fields.
/// What cannot be decoded is a [PatchException]. Any thread.
public final class PatchCheck {
    private static final String UNDECODED = "error decoding patch: ";
    private static final String OPERATION = "handlers.jsonPatchOp";
    private static final List<String> TEXTS = List.of("op", "path", "from");

    private PatchCheck() {}

    /// The strict-decoding messages of a JSON patch.
    public static List<String> json(byte[] patch) {
        var findings = new ArrayList<String>();
        var read = read(patch, UNDECODED);
        if (!(read instanceof ArrayNode) && !read.isNull()) {
            throw unfit(read, "value of type []" + OPERATION);
        }
        for (int i = 0; i < read.size(); i++) {
            operation(i, read.get(i), findings);
        }
        findings.addAll(DocumentDecoder.duplicates(patch));
        findings.replaceAll(finding -> "json patch " + finding);
        return findings;
    }

    private static void operation(int index, JsonNode operation, List<String> findings) {
        if (!operation.isObject() && !operation.isNull()) {
            throw unfit(operation, "value of type " + OPERATION);
        }
        for (var field : operation.properties()) {
            var name = field.getKey();
            if (TEXTS.contains(name)) {
                requireText(name, field.getValue());
            } else if (!name.equals("value")) {
                findings.add("unknown field \"[" + index + "]." + name + "\"");
            }
        }
    }

    private static void requireText(String field, JsonNode value) {
        if (!value.isTextual() && !value.isNull()) {
            throw unfit(value, "struct field jsonPatchOp." + field + " of type string");
        }
    }

    /// The strict-decoding messages of a merge patch.
    public static List<String> merge(byte[] patch) {
        var read = read(patch, UNDECODED);
        if (!(read instanceof ObjectNode) && !read.isNull()) {
            throw unfit(read, "value of type map[string]interface {}");
        }
        return DocumentDecoder.duplicates(patch);
    }

    /// The same of a strategic one.
    public static List<String> strategic(byte[] patch) {
        read(patch, "");
        return DocumentDecoder.duplicates(patch);
    }

    private static PatchException unfit(JsonNode value, String type) {
        return PatchException.malformed(
                UNDECODED + "json: cannot unmarshal " + GoNames.ofValue(value) + " into Go " + type);
    }

    private static JsonNode read(byte[] patch, String prefix) {
        try {
            return DocumentDecoder.value(patch);
        } catch (DecodeException e) {
            throw PatchException.malformed(prefix + e.getMessage());
        }
    }
}
