package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/// The API server as pods' workers write to it. Any thread; every call goes over the network and blocks.
public interface PodApi {
    /// Applies a strategic merge patch to the pod's status; returns what the API has now. Empty when the pod is gone,
    /// or is
    /// another one by now. Any other failure is thrown and worth another try.
    Optional<Pod> patchStatus(PodKey pod, String patch) throws InterruptedException;

    /// Takes the object away now, if it still is this pod. Gone already is fine.
    void delete(PodKey pod) throws InterruptedException;
}
