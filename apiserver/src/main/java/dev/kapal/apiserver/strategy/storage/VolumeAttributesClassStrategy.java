package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AttachedVolumes;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import java.util.List;
import java.util.Optional;

/// Attributes of volumes under a name; other attributes need another name.
final class VolumeAttributesClassStrategy implements Strategy {
    @Override
    public void check(ObjectNode attributes, Optional<ObjectNode> stored, Problems problems) {
        AttachedVolumes.checkDriver("driverName", attributes.path("driverName").asText(""), problems);
        Parameters.check("parameters", attributes.path("parameters"), false, problems);
        stored.ifPresent(before -> {
            for (var field : List.of("driverName", "parameters")) {
                if (!attributes.path(field).equals(before.path(field))) {
                    problems.invalid(field, attributes.path(field), Problems.IMMUTABLE);
                }
            }
        });
    }
}
