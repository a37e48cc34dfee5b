package dev.kapal.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Where an object has what `/scale` shows. Paths are dotted names with a leading dot: `.spec.replicas`.
///
/// @param labelSelector of a text that selects the pods; empty when there is none
public record ScalePaths(String specReplicas, String statusReplicas, String labelSelector) {

    /// The value at `path`, missing when there is none.
    public static JsonNode find(JsonNode object, String path) {
        var at = object;
        for (var name : path.substring(1).split("\\.")) {
            at = at.path(name);
        }
        return at.isNull() ? MissingNode.getInstance() : at;
    }

    /// Puts a number at `path`, with the objects that lead there. Throws [IllegalArgumentException] when something else
    /// is in the way.
    public static void put(ObjectNode object, String path, int value) {
        var names = path.substring(1).split("\\.");
        var at = object;
        for (int i = 0; i < names.length - 1; i++) {
            var next = at.get(names[i]);
            if (next == null) {
                next = at.putObject(names[i]);
            }
            if (!(next instanceof ObjectNode inner)) {
                throw new IllegalArgumentException("value cannot be set because " + path + " is not a map");
            }
            at = inner;
        }
        at.put(names[names.length - 1], value);
    }
}
