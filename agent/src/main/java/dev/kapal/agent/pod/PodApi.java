package dev.kapal.agent.pod;

/// The API server as pods' workers write to it. Any thread; every call goes over the network and blocks.
public interface PodApi {
    /// Applies a strategic merge patch to the pod's status. False when the pod is gone, or is another one by now.
    /// Any other failure is thrown and worth another try.
    boolean patchStatus(PodKey pod, String patch) throws InterruptedException;

    /// Takes the object away now, if it still is this pod. Gone already is fine.
    void delete(PodKey pod) throws InterruptedException;
}
