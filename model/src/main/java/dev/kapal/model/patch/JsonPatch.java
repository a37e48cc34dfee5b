package dev.kapal.model.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.ArrayList;
import java.util.List;

/// RFC 6902 over one document, pointers as in RFC 6901. All operations apply or none.
final class JsonPatch {
    /// Upstream's limit for all copies of one patch.
    private static final int MOST_COPIED_BYTES = 3 * 1024 * 1024;

    private final ObjectNode document;
    private long copiedBytes;

    /// The object or list that holds a place, and the last step to it.
    private record Place(JsonNode parent, String step) {}

    JsonPatch(ObjectNode document) {
        this.document = document.deepCopy();
    }

    ObjectNode apply(ArrayNode operations) {
        for (var operation : operations) {
            var path = text(operation, "path");
            switch (operation.path("op").asText()) {
                case "add" -> add(path, value(operation));
                case "remove" -> remove(path);
                case "replace" -> {
                    remove(path);
                    add(path, value(operation));
                }
                case "move" -> add(path, remove(text(operation, "from")));
                case "copy" -> add(path, copied(text(operation, "from")));
                case "test" -> test(path, operation.path("value"));
                default ->
                    throw PatchException.unprocessable(
                            "Unexpected kind: " + operation.path("op").asText("unknown"));
            }
        }
        requireShallow(document);
        return document;
    }

    /// Copies can double what is there again and again.
    private JsonNode copied(String from) {
        var found = existing(from);
        requireShallow(found);
        copiedBytes += Documents.json(found).length;
        if (copiedBytes > MOST_COPIED_BYTES) {
            throw PatchException.unprocessable("Unable to complete the copy, the accumulated size increase of copy is "
                    + copiedBytes + ", exceeding the limit " + MOST_COPIED_BYTES);
        }
        return found.deepCopy();
    }

    /// Values that are each shallow can be added below each other.
    private static void requireShallow(JsonNode node) {
        if (Documents.isDeep(node)) {
            throw PatchException.unprocessable("exceeded max depth");
        }
    }

    private static String text(JsonNode operation, String field) {
        if (!operation.path(field).isTextual()) {
            throw PatchException.unprocessable("operation without " + field + ": " + operation.path("op"));
        }
        return operation.get(field).textValue();
    }

    private static JsonNode value(JsonNode operation) {
        if (!operation.has("value")) {
            throw PatchException.unprocessable("operation without value");
        }
        return operation.get("value").deepCopy();
    }

    private void add(String path, JsonNode value) {
        var place = place(path);
        switch (place.parent()) {
            case ObjectNode object -> object.set(place.step(), value);
            case ArrayNode array -> {
                int index = place.step().equals("-") ? array.size() : index(place.step(), array.size(), path);
                array.insert(index, value);
            }
            default -> throw missing("add", path);
        }
    }

    private JsonNode remove(String path) {
        var place = place(path);
        var removed = switch (place.parent()) {
            case ObjectNode object -> object.remove(place.step());
            case ArrayNode array -> array.remove(index(place.step(), array.size() - 1, path));
            default -> null;
        };
        if (removed == null) {
            throw missing("remove", path);
        }
        return removed;
    }

    private JsonNode existing(String path) {
        var found = find(path);
        if (found.isMissingNode()) {
            throw missing("copy", path);
        }
        return found;
    }

    private void test(String path, JsonNode expected) {
        var found = find(path);
        boolean bothAbsent =
                (found.isMissingNode() || found.isNull()) && (expected.isMissingNode() || expected.isNull());
        if (!bothAbsent && !JsonEquality.same(found, expected)) {
            throw PatchException.unprocessable("Testing value " + path + " failed");
        }
    }

    private JsonNode find(String path) {
        if (path.isEmpty()) {
            return document;
        }
        var place = place(path);
        if (place.parent() instanceof ArrayNode array) {
            return array.path(index(place.step(), array.size(), path));
        }
        return place.parent() instanceof ObjectNode object ? object.path(place.step()) : MissingNode.getInstance();
    }

    private Place place(String path) {
        var steps = steps(path);
        JsonNode node = document;
        for (var step : steps.subList(0, steps.size() - 1)) {
            node = node instanceof ArrayNode array ? array.path(index(step, array.size(), path)) : node.path(step);
        }
        return new Place(node, steps.getLast());
    }

    private static List<String> steps(String path) {
        if (!path.startsWith("/")) {
            throw missing("resolve", path);
        }
        var steps = new ArrayList<String>();
        for (var step : path.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return steps;
    }

    private static int index(String step, int max, String path) {
        if (step.length() > 9 || !step.matches("0|[1-9][0-9]*")) {
            throw missing("index", path);
        }
        int index = Integer.parseInt(step);
        if (index > max) {
            throw missing("index", path);
        }
        return index;
    }

    private static PatchException missing(String operation, String path) {
        return PatchException.unprocessable(operation + " operation does not apply: doc is missing path: " + path);
    }
}
