package dev.kapal.apiserver.strategy.quota;

import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupResource;
import java.util.Map;

/// The strategies of this package.
public final class QuotaKinds {
    private QuotaKinds() {}

    public static Map<GroupResource, Strategy> strategies() {
        return Map.of(
                new GroupResource("", "resourcequotas"), new ResourceQuotaStrategy(),
                new GroupResource("", "limitranges"), new LimitRangeStrategy());
    }
}
