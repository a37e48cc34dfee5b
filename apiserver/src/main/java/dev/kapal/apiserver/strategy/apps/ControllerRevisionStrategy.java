package dev.kapal.apiserver.strategy.apps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import java.util.Optional;

/// A snapshot that never changes, under a number that may.
final class ControllerRevisionStrategy implements Strategy {
    @Override
    public void check(ObjectNode revision, Optional<ObjectNode> stored, Problems problems) {
        if (!revision.hasNonNull("data")) {
            problems.required("data", "data is mandatory");
        }
        problems.notNegative("revision", revision.path("revision").asLong());
        stored.ifPresent(before -> {
            if (!revision.path("data").equals(before.path("data"))) {
                problems.invalid("data", revision.path("data"), Problems.IMMUTABLE);
            }
        });
    }
}
