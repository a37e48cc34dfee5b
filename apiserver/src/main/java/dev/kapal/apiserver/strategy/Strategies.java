package dev.kapal.apiserver.strategy;

import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.model.GroupResource;
import dev.kapal.model.ResourceDefinition;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The strategy of every kind. Any thread.
public final class Strategies {
    private static final Strategy PLAIN = new PlainStrategy();

    private final Map<GroupResource, Strategy> strategies = Map.of();

    public Strategies(WatchCaches caches, RandomGenerator random) {}

    public Strategy of(ResourceDefinition definition) {
        return strategies.getOrDefault(definition.groupResource(), PLAIN);
    }
}
