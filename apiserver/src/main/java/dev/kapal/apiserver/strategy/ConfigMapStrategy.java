package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.Optional;

/// Key names, one mebibyte at most, and no change once it is immutable.
final class ConfigMapStrategy implements Strategy {
    static final int LIMIT = 1024 * 1024;

    @Override
    public void check(ObjectNode map, Optional<ObjectNode> stored, Problems problems) {
        stored.ifPresent(before -> Immutable.check(map, before, problems, "data", "binaryData"));
        long size = 0;
        for (var entry : map.path("data").properties()) {
            var key = entry.getKey();
            problems.invalid(Problems.at("data", key), key, Names.configMapKey(key));
            if (map.path("binaryData").has(key)) {
                problems.invalid(Problems.at("data", key), key, "duplicate of key present in binaryData");
            }
            size += Sizes.utf8(entry.getValue().asText());
        }
        for (var entry : map.path("binaryData").properties()) {
            var key = entry.getKey();
            problems.invalid(Problems.at("binaryData", key), key, Names.configMapKey(key));
            size += Sizes.base64(entry.getValue().asText());
        }
        if (size > LIMIT) {
            problems.tooLong("[]", LIMIT);
        }
    }
}
