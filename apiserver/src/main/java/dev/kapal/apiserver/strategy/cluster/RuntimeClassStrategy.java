package dev.kapal.apiserver.strategy.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.apiserver.strategy.LabelRules;
import dev.kapal.apiserver.strategy.NodeLabelWarnings;
import dev.kapal.apiserver.strategy.PodRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.RequirementRules;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// A handler of the container runtime, for good, and what its pods cost and need.
final class RuntimeClassStrategy implements Strategy {
    private static final String TOLERATION = "Key Operator Value Effect TolerationSeconds?";

    @Override
    public void check(ObjectNode runtime, Optional<ObjectNode> stored, Problems problems) {
        var handler = runtime.path("handler").asText("");
        problems.invalid("handler", handler, Names.dns1123Label(handler));
        RequirementRules.checkLimits("overhead", runtime.path("overhead").path("podFixed"), problems);
        var scheduling = runtime.path("scheduling");
        LabelRules.checkLabels("scheduling.nodeSelector", scheduling.path("nodeSelector"), problems);
        var tolerations = scheduling.path("tolerations");
        PodRules.checkTolerations("scheduling.tolerations", tolerations, problems);
        var seen = new HashSet<>();
        for (int i = 0; i < tolerations.size(); i++) {
            if (!seen.add(tolerations.get(i))) {
                problems.duplicate(
                        Problems.at("scheduling.tolerations", i), GoStruct.of(tolerations.get(i), TOLERATION));
            }
        }
        stored.ifPresent(before -> problems.unchanged("handler", runtime.path("handler"), before.path("handler")));
    }

    @Override
    public List<String> warnings(ObjectNode runtime) {
        var warnings = new ArrayList<String>();
        var path = "scheduling.nodeSelector";
        NodeLabelWarnings.ofKeys(path, runtime.path("scheduling").path("nodeSelector"), warnings);
        return warnings;
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
