package dev.kapal.agent.image;

import dev.kapal.agent.env.References;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Secrets by name, in one namespace.
final class Secrets implements References {
    final Map<String, Secret> byName = new HashMap<>();

    @Override
    public Optional<ConfigMap> configMap(String namespace, String name) {
        return Optional.empty();
    }

    @Override
    public Optional<Secret> secret(String namespace, String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
