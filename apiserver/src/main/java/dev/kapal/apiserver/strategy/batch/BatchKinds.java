package dev.kapal.apiserver.strategy.batch;

import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupResource;
import java.util.Map;

/// The strategies of this package.
public final class BatchKinds {
    private BatchKinds() {}

    public static Map<GroupResource, Strategy> strategies() {
        return Map.of(
                new GroupResource("batch", "jobs"), new JobStrategy(),
                new GroupResource("batch", "cronjobs"), new CronJobStrategy());
    }
}
