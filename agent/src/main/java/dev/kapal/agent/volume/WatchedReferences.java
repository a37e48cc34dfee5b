package dev.kapal.agent.volume;

import dev.kapal.agent.env.References;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.ClusterTrustBundle;
import java.util.List;

/// References that also tell when what a pod refers to has changed. Any thread.
public interface WatchedReferences extends References {
    /// All of the cluster; nothing while no pod is followed that shows any.
    List<ClusterTrustBundle> trustBundles() throws InterruptedException;

    /// Calls `onChange` on each change of a ConfigMap or Secret that the pod names, or of what it shows of the
    /// cluster's
    /// trust bundles, until [#forget].
    void follow(Pod pod, Runnable onChange);

    void forget(String uid);
}
