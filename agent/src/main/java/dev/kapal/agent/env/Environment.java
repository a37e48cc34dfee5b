package dev.kapal.agent.env;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Puts a container's variables together. Immutable; any thread.
///
/// Lowest to highest: service variables, `envFrom` in order, `env` in order. A value may refer to what was named before
/// it, and to service variables.
///
/// Source: Container API, `env` and `envFrom`.
public final class Environment {
    private final References references;
    private final Map<String, Quantity> allocatable;

    public Environment(References references, Map<String, Quantity> allocatable) {
        this.references = references;
        this.allocatable = Map.copyOf(allocatable);
    }

    /// Throws [MissingConfigException] when something referred to is not there and not optional.
    public Map<String, String> of(
            Pod pod, Container container, PodAddresses addresses, Map<String, String> serviceVariables)
            throws InterruptedException {
        var own = new LinkedHashMap<String, String>();
        for (var source : container.getEnvFrom()) {
            addAll(pod.getMetadata().getNamespace(), source, own);
        }
        for (var variable : container.getEnv()) {
            var value = value(pod, container, variable, addresses, own, serviceVariables);
            value.ifPresent(found -> own.put(variable.getName(), found));
        }
        serviceVariables.forEach(own::putIfAbsent);
        return own;
    }

    private Optional<String> value(
            Pod pod,
            Container container,
            EnvVar variable,
            PodAddresses addresses,
            Map<String, String> own,
            Map<String, String> services)
            throws InterruptedException {
        if (variable.getValue() != null && !variable.getValue().isEmpty()) {
            return Optional.of(Expansion.expand(
                    variable.getValue(),
                    name -> Optional.ofNullable(own.containsKey(name) ? own.get(name) : services.get(name))));
        }
        if (variable.getValueFrom() == null) {
            return Optional.of("");
        }
        return from(pod, container, variable.getValueFrom(), addresses);
    }

    private Optional<String> from(Pod pod, Container container, EnvVarSource source, PodAddresses addresses)
            throws InterruptedException {
        var namespace = pod.getMetadata().getNamespace();
        if (source.getFieldRef() != null) {
            return Optional.of(FieldPaths.value(pod, source.getFieldRef().getFieldPath(), addresses));
        }
        if (source.getResourceFieldRef() != null) {
            return Optional.of(
                    ResourceFields.value(pod, container.getName(), source.getResourceFieldRef(), allocatable));
        }
        if (source.getConfigMapKeyRef() != null) {
            var ref = source.getConfigMapKeyRef();
            return configMapKey(namespace, ref.getName(), ref.getKey(), Boolean.TRUE.equals(ref.getOptional()));
        }
        if (source.getSecretKeyRef() != null) {
            var ref = source.getSecretKeyRef();
            return secretKey(namespace, ref.getName(), ref.getKey(), Boolean.TRUE.equals(ref.getOptional()));
        }
        return Optional.of("");
    }

    private Optional<String> configMapKey(String namespace, String name, String key, boolean optional)
            throws InterruptedException {
        var found = references.configMap(namespace, name);
        if (found.isEmpty() && !optional) {
            throw new MissingConfigException("configmap \"" + name + "\" not found");
        }
        var value = found.map(map -> map.getData()).map(data -> data.get(key));
        if (value.isEmpty() && !optional) {
            throw new MissingConfigException("couldn't find key " + key + " in ConfigMap " + namespace + "/" + name);
        }
        return value;
    }

    private Optional<String> secretKey(String namespace, String name, String key, boolean optional)
            throws InterruptedException {
        var found = references.secret(namespace, name);
        if (found.isEmpty() && !optional) {
            throw new MissingConfigException("secret \"" + name + "\" not found");
        }
        var value = found.map(secret -> secret.getData()).map(data -> data.get(key));
        if (value.isEmpty() && !optional) {
            throw new MissingConfigException("couldn't find key " + key + " in Secret " + namespace + "/" + name);
        }
        return value.map(Environment::decoded);
    }

    private void addAll(String namespace, EnvFromSource source, Map<String, String> own) throws InterruptedException {
        var prefix = source.getPrefix() == null ? "" : source.getPrefix();
        if (source.getConfigMapRef() != null) {
            var ref = source.getConfigMapRef();
            var found = references.configMap(namespace, ref.getName());
            if (found.isEmpty() && !Boolean.TRUE.equals(ref.getOptional())) {
                throw new MissingConfigException("configmap \"" + ref.getName() + "\" not found");
            }
            found.map(map -> map.getData())
                    .ifPresent(data -> data.forEach((key, value) -> own.put(prefix + key, value)));
        }
        if (source.getSecretRef() != null) {
            var ref = source.getSecretRef();
            var found = references.secret(namespace, ref.getName());
            if (found.isEmpty() && !Boolean.TRUE.equals(ref.getOptional())) {
                throw new MissingConfigException("secret \"" + ref.getName() + "\" not found");
            }
            found.map(secret -> secret.getData())
                    .ifPresent(data -> data.forEach((key, value) -> own.put(prefix + key, decoded(value))));
        }
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
