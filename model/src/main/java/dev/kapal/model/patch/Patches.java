package dev.kapal.model.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import java.util.List;

/// Applies patches. Each method takes the patch as it came over the wire, leaves the document alone and returns a new
/// one; what cannot be applied is a [PatchException]. Any thread.
public final class Patches {
    private Patches() {}

    /// RFC 6902.
    ///
    /// @param mostOperations a patch of more is refused
    public static ObjectNode json(ObjectNode document, byte[] patch, int mostOperations) {
        var operations = operations(patch);
        if (operations.size() > mostOperations) {
            var message = "The allowed maximum operations in a JSON patch is " + mostOperations + ", got "
                    + operations.size();
            throw new PatchException(PatchException.TOO_LARGE, message, message);
        }
        return new JsonPatch(document).apply(operations);
    }

    /// RFC 6902, of any length.
    public static ObjectNode json(ObjectNode document, byte[] patch) {
        return new JsonPatch(document).apply(operations(patch));
    }

    private static ArrayNode operations(byte[] patch) {
        if (read(patch, "error decoding patch: ") instanceof ArrayNode operations) {
            return operations;
        }
        throw PatchException.malformed(
                "error decoding patch: json: cannot unmarshal object into Go value of type []interface {}");
    }

    /// RFC 7386.
    public static ObjectNode merge(ObjectNode document, byte[] patch) {
        return MergePatch.apply(document, object(patch, "error decoding patch: "));
    }

    /// Strategic merge patch, by the merge keys of the schema.
    public static ObjectNode strategic(Schema schema, ObjectNode document, byte[] patch) {
        var changes = object(patch, "");
        return new StrategicPatch().merge(schema, document.deepCopy(), changes);
    }

    /// One strict-decoding message for each key that stands twice in a merge patch of either form.
    public static List<String> duplicates(byte[] patch) {
        return DocumentDecoder.duplicates(patch);
    }

    private static ObjectNode object(byte[] patch, String prefix) {
        if (read(patch, prefix) instanceof ObjectNode object) {
            return object;
        }
        throw PatchException.malformed(
                prefix + "json: cannot unmarshal array into Go value of type map[string]interface {}");
    }

    private static JsonNode read(byte[] patch, String prefix) {
        try {
            return DocumentDecoder.value(patch);
        } catch (DecodeException e) {
            throw PatchException.malformed(prefix + e.getMessage());
        }
    }
}
