package dev.kapal.model.patch;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// RFC 7386: objects are merged, null removes, everything else replaces.
final class MergePatch {
    private MergePatch() {}

    static ObjectNode apply(ObjectNode document, ObjectNode patch) {
        var result = document.deepCopy();
        change(result, patch);
        return result;
    }

    private static void change(ObjectNode target, ObjectNode patch) {
        for (var entry : patch.properties()) {
            var name = entry.getKey();
            switch (entry.getValue()) {
                case NullNode _ -> target.remove(name);
                case ObjectNode inner -> {
                    // a new object is merged into an empty one, so that nulls within it vanish
                    change(target.get(name) instanceof ObjectNode old ? old : target.putObject(name), inner);
                }
                default -> target.set(name, entry.getValue().deepCopy());
            }
        }
    }
}
