package dev.kapal.apiserver.strategy.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.ConditionRules;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.apiserver.strategy.IntOrPercent;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.apiserver.strategy.WorkloadRules;
import dev.kapal.model.Names;
import dev.kapal.model.ResourceDefinition;
import java.util.List;
import java.util.Optional;

/// How many pods must stay, or how many may go, but not both.
final class DisruptionBudgetStrategy implements Strategy {
    private static final List<String> UNHEALTHY = List.of("AlwaysAllow", "IfHealthyBudget");
    private static final String SHAPE = "MinAvailable? Selector? MaxUnavailable? UnhealthyPodEvictionPolicy?";
    private static final List<String> COUNTS =
            List.of("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods");

    private final boolean first;

    DisruptionBudgetStrategy() {
        this(false);
    }

    /// @param first whether clients speak `v1beta1`, which looks at nothing of a status but its conditions
    private DisruptionBudgetStrategy(boolean first) {
        this.first = first;
    }

    @Override
    public Strategy servedAs(ResourceDefinition version) {
        return version.groupVersion().version().equals("v1beta1") ? new DisruptionBudgetStrategy(true) : this;
    }

    @Override
    public List<String> nameProblems(String name) {
        return Names.pathSegment(name);
    }

    @Override
    public void check(ObjectNode budget, Optional<ObjectNode> stored, Problems problems) {
        var spec = budget.path("spec");
        if (spec.has("minAvailable") && spec.has("maxUnavailable")) {
            problems.invalid("spec", GoStruct.of(spec, SHAPE), "minAvailable and maxUnavailable cannot be both set");
        }
        for (var field : List.of("minAvailable", "maxUnavailable")) {
            IntOrPercent.checkNotNegative("spec." + field, spec.path(field), problems);
            IntOrPercent.checkNotOverAll("spec." + field, spec.path(field), problems);
        }
        WorkloadRules.checkSelectorFields("spec.selector", spec.path("selector"), problems);
        if (spec.has("unhealthyPodEvictionPolicy")) {
            var policy = spec.get("unhealthyPodEvictionPolicy").asText();
            if (!UNHEALTHY.contains(policy)) {
                problems.notSupported("spec.unhealthyPodEvictionPolicy", policy, UNHEALTHY);
            }
        }
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        var status = candidate.path("status");
        ConditionRules.check("status.conditions", status.path("conditions"), problems);
        if (!first) {
            COUNTS.forEach(count ->
                    problems.notNegative("status." + count, status.path(count).asLong(0)));
        }
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
