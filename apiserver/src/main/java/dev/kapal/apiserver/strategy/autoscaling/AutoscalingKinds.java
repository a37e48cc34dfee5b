package dev.kapal.apiserver.strategy.autoscaling;

import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupResource;
import java.util.Map;

/// The strategies of this package.
public final class AutoscalingKinds {
    private AutoscalingKinds() {}

    public static Map<GroupResource, Strategy> strategies() {
        return Map.of(new GroupResource("autoscaling", "horizontalpodautoscalers"), new AutoscalerStrategy());
    }
}
