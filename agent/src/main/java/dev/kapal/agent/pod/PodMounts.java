package dev.kapal.agent.pod;

import dev.kapal.agent.cri.v1.Mount;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;

/// The volumes of a pod as its containers see them. One pod's worker only.
public interface PodMounts {
    /// What the container mounts; `variables` are for `subPathExpr`.
    List<Mount> of(Pod pod, Container container, Map<String, String> variables) throws InterruptedException;
}
