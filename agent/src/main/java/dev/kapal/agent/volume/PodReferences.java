package dev.kapal.agent.volume;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.ClusterTrustBundle;
import java.util.LinkedHashSet;
import java.util.Set;

/// The ConfigMaps and Secrets that a pod names, and whether it shows trust bundles. Pure.
final class PodReferences {
    /// A selector may match any of them.
    static final Reference<ClusterTrustBundle> TRUST_BUNDLES = new Reference<>(ClusterTrustBundle.class, "", "");

    /// One object; all of the type without a name.
    record Reference<T extends HasMetadata>(Class<T> type, String namespace, String name) {}

    private final String namespace;
    private final Set<Reference<?>> found = new LinkedHashSet<>();

    private PodReferences(String namespace) {
        this.namespace = namespace;
    }

    static Set<Reference<?>> of(Pod pod) {
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
                if (source.getClusterTrustBundle() != null) {
                    found.add(TRUST_BUNDLES);
                }
            }
        }
    }

    private void configMap(String name) {
        found.add(new Reference<>(ConfigMap.class, namespace, name));
    }

    private void secret(String name) {
        found.add(new Reference<>(Secret.class, namespace, name));
    }
}
