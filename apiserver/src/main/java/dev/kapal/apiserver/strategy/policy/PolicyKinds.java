package dev.kapal.apiserver.strategy.policy;

import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupResource;
import java.util.Map;

/// The strategies of this package.
public final class PolicyKinds {
    private PolicyKinds() {}

    public static Map<GroupResource, Strategy> strategies() {
        return Map.of(new GroupResource("policy", "poddisruptionbudgets"), new DisruptionBudgetStrategy());
    }
}
