package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Attributes of volumes under a name; other attributes need another name.
final class VolumeAttributesClassStrategy implements Strategy {
    @Override
    public void check(ObjectNode attributes, Optional<ObjectNode> stored, Problems problems) {
        stored.ifPresent(before -> {
            for (var field : List.of("driverName", "parameters")) {
                if (!attributes.path(field).equals(before.path(field))) {
                    problems.forbidden(field, "updates to " + field + " are forbidden.");
                }
            }
        });
        var driver = attributes.path("driverName").asText("");
        if (driver.isEmpty()) {
            problems.required("driverName", "");
        } else {
            var lower = driver.toLowerCase(Locale.ROOT);
            problems.invalid("driverName", lower, Names.qualifiedName(lower));
        }
        Parameters.check("parameters", attributes.path("parameters"), false, problems);
    }
}
