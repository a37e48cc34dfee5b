package dev.kapal.agent.volume;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.LinkedHashSet;
import java.util.Set;

/// The ConfigMaps and Secrets that a pod names. Pure.
final class PodReferences {
    /// One object; `secret` or else a ConfigMap.
    record Reference(boolean secret, String namespace, String name) {}

    private final String namespace;
    private final Set<Reference> found = new LinkedHashSet<>();

    private PodReferences(String namespace) {
        this.namespace = namespace;
    }

    static Set<Reference> of(Pod pod) {
        var references = new PodReferences(pod.getMetadata().getNamespace());
        pod.getSpec().getInitContainers().forEach(references::add);
        pod.getSpec().getContainers().forEach(references::add);
        pod.getSpec().getVolumes().forEach(references::add);
        return references.found;
    }

    private void add(Container container) {
        for (var source : container.getEnvFrom()) {
            if (source.getConfigMapRef() != null) {
                configMap(source.getConfigMapRef().getName());
            }
            if (source.getSecretRef() != null) {
                secret(source.getSecretRef().getName());
            }
        }
        for (var variable : container.getEnv()) {
            var from = variable.getValueFrom();
            if (from != null && from.getConfigMapKeyRef() != null) {
                configMap(from.getConfigMapKeyRef().getName());
            }
            if (from != null && from.getSecretKeyRef() != null) {
                secret(from.getSecretKeyRef().getName());
            }
        }
    }

    private void add(Volume volume) {
        if (volume.getConfigMap() != null) {
            configMap(volume.getConfigMap().getName());
        }
        if (volume.getSecret() != null) {
            secret(volume.getSecret().getSecretName());
        }
        if (volume.getProjected() != null) {
            for (var source : volume.getProjected().getSources()) {
                if (source.getConfigMap() != null) {
                    configMap(source.getConfigMap().getName());
                }
                if (source.getSecret() != null) {
                    secret(source.getSecret().getName());
                }
            }
        }
    }

    private void configMap(String name) {
        found.add(new Reference(false, namespace, name));
    }

    private void secret(String name) {
        found.add(new Reference(true, namespace, name));
    }
}
