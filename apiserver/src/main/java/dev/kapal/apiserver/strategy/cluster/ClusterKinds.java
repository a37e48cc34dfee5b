package dev.kapal.apiserver.strategy.cluster;

import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupResource;
import java.util.Map;

/// The strategies of this package.
public final class ClusterKinds {
    private ClusterKinds() {}

    public static Map<GroupResource, Strategy> strategies() {
        return Map.of(
                new GroupResource("scheduling.k8s.io", "priorityclasses"), new PriorityClassStrategy(),
                new GroupResource("node.k8s.io", "runtimeclasses"), new RuntimeClassStrategy());
    }
}
