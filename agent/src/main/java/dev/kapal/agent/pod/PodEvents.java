package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.Pod;

/// Tells users what happens to a pod. Any thread; does not block on the network.
public interface PodEvents {
    /// `fieldPath` is the container's, or empty for the pod as a whole.
    void normal(Pod pod, String fieldPath, String reason, String message);

    void warning(Pod pod, String fieldPath, String reason, String message);
}
