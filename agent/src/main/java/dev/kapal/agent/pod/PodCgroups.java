package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.Pod;

/// The control groups around pods. Any thread; harmless to repeat.
public interface PodCgroups {
    /// Makes the group that holds all of the pod, with the limits of the pod as a whole.
    void ensure(Pod pod, String group);

    void remove(String group);
}
