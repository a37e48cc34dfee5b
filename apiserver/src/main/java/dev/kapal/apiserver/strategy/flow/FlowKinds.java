package dev.kapal.apiserver.strategy.flow;

import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupResource;
import java.util.Map;

/// The strategies of this package.
public final class FlowKinds {
    private static final String GROUP = "flowcontrol.apiserver.k8s.io";

    private FlowKinds() {}

    public static Map<GroupResource, Strategy> strategies() {
        return Map.of(
                new GroupResource(GROUP, "flowschemas"), new FlowSchemaStrategy(),
                new GroupResource(GROUP, "prioritylevelconfigurations"), new PriorityLevelStrategy());
    }
}
