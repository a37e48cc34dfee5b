package dev.kapal.agent.env;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Optional;

/// The ConfigMaps and Secrets that pods of this node refer to, as new as the API server has told. Any thread; the first
/// question about an object may go over the network.
public interface References {
    Optional<ConfigMap> configMap(String namespace, String name) throws InterruptedException;

    Optional<Secret> secret(String namespace, String name) throws InterruptedException;
}
