package dev.kapal.agent.server;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;

/// The pods of this node with their newest status, as the agent knows them. Any thread; answers at once.
public interface NodePods {
    List<Pod> pods();

    default Optional<Pod> find(String namespace, String name) {
        return pods().stream()
                .filter(pod -> pod.getMetadata().getNamespace().equals(namespace))
                .filter(pod -> pod.getMetadata().getName().equals(name))
                .findFirst();
    }
}
