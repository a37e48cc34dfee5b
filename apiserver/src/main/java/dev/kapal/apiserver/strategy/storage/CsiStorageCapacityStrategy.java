package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.NodeLabelWarnings;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.apiserver.strategy.WorkloadRules;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How much storage is left somewhere; the amount changes, the place does not.
final class CsiStorageCapacityStrategy implements Strategy {
    @Override
    public void check(ObjectNode capacity, Optional<ObjectNode> stored, Problems problems) {
        WorkloadRules.checkSelectorFields("nodeTopology", capacity.path("nodeTopology"), problems);
        var storageClass = capacity.path("storageClassName").asText("");
        problems.invalid("storageClassName", storageClass, Names.dns1123Subdomain(storageClass));
        ResourceRules.checkNotNegative("capacity", capacity.path("capacity"), problems);
        stored.ifPresent(before -> {
            for (var field : List.of("nodeTopology", "storageClassName")) {
                if (!capacity.path(field).equals(before.path(field))) {
                    problems.invalid(field, capacity.path(field), Problems.IMMUTABLE);
                }
            }
        });
    }

    @Override
    public List<String> warnings(ObjectNode capacity) {
        var warnings = new ArrayList<String>();
        NodeLabelWarnings.ofLabelSelector("nodeTopology", capacity.path("nodeTopology"), warnings);
        return warnings;
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
