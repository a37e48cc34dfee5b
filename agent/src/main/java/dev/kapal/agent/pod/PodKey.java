package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.Pod;

/// One pod, once: a pod that is deleted and made again under its name is another one.
public record PodKey(String namespace, String name, String uid) {
    public static PodKey of(Pod pod) {
        var metadata = pod.getMetadata();
        return new PodKey(metadata.getNamespace(), metadata.getName(), metadata.getUid());
    }

    /// As upstream's messages write it: `name_namespace(uid)`.
    @Override
    public String toString() {
        return name + "_" + namespace + "(" + uid + ")";
    }
}
