package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.Service;
import java.util.Collection;

/// The services of the cluster, as far as this node has heard. Any thread; does not block.
@FunctionalInterface
public interface NodeServices {
    Collection<Service> services();
}
