package dev.kapal.model.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.GoNames;

/// Applies patches. Each method takes the patch as it came over the wire, leaves the document alone and returns a new
/// one; what cannot be applied is a [PatchException]. Any thread.
public final class Patches {
    private static final String NO_PATCH = "Invalid JSON Patch";

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
        var read = read(patch);
        if (read.isNull()) {
            return JsonNodeFactory.instance.arrayNode();
        }
        if (!(read instanceof ArrayNode operations)) {
            throw unfit(read, "jsonpatch.Patch");
        }
        for (var operation : operations) {
            if (!operation.isObject() && !operation.isNull()) {
                throw unfit(operation, "jsonpatch.Operation");
            }
        }
        return operations;
    }

    /// RFC 7386. Of what is no such patch is not said why.
    public static ObjectNode merge(ObjectNode document, byte[] patch) {
        try {
            if (DocumentDecoder.value(patch) instanceof ObjectNode changes) {
                return MergePatch.apply(document, changes);
            }
        } catch (DecodeException e) {
            throw PatchException.malformed(NO_PATCH);
        }
        throw PatchException.malformed(NO_PATCH);
    }

    /// Strategic merge patch, by the merge keys of the schema.
    public static ObjectNode strategic(Schema schema, ObjectNode document, byte[] patch) {
        var changes = read(patch);
        if (!changes.isNull() && !changes.isObject()) {
            throw unfit(changes, "map[string]interface {}");
        }
        var some = changes instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        return new StrategicPatch().merge(schema, document.deepCopy(), some);
    }

    private static PatchException unfit(JsonNode value, String type) {
        return PatchException.malformed(
                "json: cannot unmarshal " + GoNames.ofValue(value) + " into Go value of type " + type);
    }

    private static JsonNode read(byte[] patch) {
        try {
            return DocumentDecoder.value(patch);
        } catch (DecodeException e) {
            throw PatchException.malformed(e.getMessage());
        }
    }
}
