package dev.kapal.agent.volume;

import dev.kapal.agent.env.References;
import io.fabric8.kubernetes.api.model.Pod;

/// References that also tell when what a pod refers to has changed. Any thread.
public interface WatchedReferences extends References {
    /// Calls `onChange` on each change of a ConfigMap or Secret that the pod names, until [#forget].
    void follow(Pod pod, Runnable onChange);

    void forget(String uid);
}
