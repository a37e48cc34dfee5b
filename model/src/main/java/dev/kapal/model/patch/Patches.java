package dev.kapal.model.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.GoNames;
import java.util.List;
import java.util.Optional;

/// Applies patches. Each method takes the patch as it came over the wire, leaves the document alone and returns a new
/// one; what cannot be applied is a [PatchException]. Any thread.
public final class Patches {
    private static final String UNDECODED = "error decoding patch: ";

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

    /// The operations of a patch; `null` has none.
    private static ArrayNode operations(byte[] patch) {
        var read = read(patch, UNDECODED);
        if (read.isNull()) {
            return JsonNodeFactory.instance.arrayNode();
        }
        if (!(read instanceof ArrayNode operations)) {
            throw unfit(UNDECODED, read, "[]interface {}");
        }
        for (var operation : operations) {
            if (!operation.isObject() && !operation.isNull()) {
                throw unfit("", operation, "jsonpatch.Operation");
            }
        }
        return operations;
    }

    /// RFC 7386.
    public static ObjectNode merge(ObjectNode document, byte[] patch) {
        var changes = object(patch, UNDECODED).orElseThrow(() -> PatchException.malformed("Invalid JSON Patch"));
        return MergePatch.apply(document, changes);
    }

    /// Strategic merge patch, by the merge keys of the schema.
    public static ObjectNode strategic(Schema schema, ObjectNode document, byte[] patch) {
        var changes = object(patch, "").orElseGet(JsonNodeFactory.instance::objectNode);
        return new StrategicPatch().merge(schema, document.deepCopy(), changes);
    }

    /// One strict-decoding message for each key that stands twice in a merge patch of either form.
    public static List<String> duplicates(byte[] patch) {
        return DocumentDecoder.duplicates(patch);
    }

    /// Empty for `null`.
    private static Optional<ObjectNode> object(byte[] patch, String prefix) {
        var read = read(patch, prefix);
        if (read instanceof ObjectNode object) {
            return Optional.of(object);
        }
        if (read.isNull()) {
            return Optional.empty();
        }
        throw unfit(prefix, read, "map[string]interface {}");
    }

    private static PatchException unfit(String prefix, JsonNode value, String type) {
        return PatchException.malformed(
                prefix + "json: cannot unmarshal " + GoNames.ofValue(value) + " into Go value of type " + type);
    }

    private static JsonNode read(byte[] patch, String prefix) {
        try {
            return DocumentDecoder.value(patch);
        } catch (DecodeException e) {
            throw PatchException.malformed(prefix + e.getMessage());
        }
    }
}
