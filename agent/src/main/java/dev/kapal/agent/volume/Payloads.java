package dev.kapal.agent.volume;

import dev.kapal.agent.env.FieldPaths;
import dev.kapal.agent.env.MissingConfigException;
import dev.kapal.agent.env.PodAddresses;
import dev.kapal.agent.env.ResourceFields;
import io.fabric8.kubernetes.api.model.ClusterTrustBundleProjection;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What rendered volumes hold. Immutable; any thread. The messages of what it throws are upstream's.
///
/// Source: ConfigMapVolumeSource, SecretVolumeSource, DownwardAPIVolumeSource and ProjectedVolumeSource API.
final class Payloads {
    private static final int DEFAULT_MODE = 0644;
    private static final int SECRET_TOKEN_MODE = 0600;

    private final WatchedReferences references;
    private final Tokens tokens;
    private final Map<String, Quantity> allocatable;

    Payloads(WatchedReferences references, Tokens tokens, Map<String, Quantity> allocatable) {
        this.references = references;
        this.tokens = tokens;
        this.allocatable = Map.copyOf(allocatable);
    }

    /// Empty for a volume that is not rendered.
    Optional<Payload> of(Pod pod, Volume volume, PodAddresses addresses) throws InterruptedException {
        var files = new HashMap<String, Payload.File>();
        if (volume.getConfigMap() != null) {
            var source = volume.getConfigMap();
            configMap(pod, source.getName(), source.getItems(), source.getOptional(), mode(source.getDefaultMode()))
                    .putInto(files);
        } else if (volume.getSecret() != null) {
            var source = volume.getSecret();
            secret(pod, source.getSecretName(), source.getItems(), source.getOptional(), mode(source.getDefaultMode()))
                    .putInto(files);
        } else if (volume.getDownwardAPI() != null) {
            var source = volume.getDownwardAPI();
            downward(pod, source.getItems(), mode(source.getDefaultMode()), addresses)
                    .putInto(files);
        } else if (volume.getProjected() != null) {
            int mode = mode(volume.getProjected().getDefaultMode());
            for (var source : volume.getProjected().getSources()) {
                projected(pod, source, mode, addresses).putInto(files);
            }
        } else {
            return Optional.empty();
        }
        return Optional.of(new Payload(files));
    }

    private record Part(Map<String, Payload.File> files) {
        void putInto(Map<String, Payload.File> all) {
            all.putAll(files);
        }
    }

    private Part projected(Pod pod, VolumeProjection source, int mode, PodAddresses addresses)
            throws InterruptedException {
        if (source.getConfigMap() != null) {
            var map = source.getConfigMap();
            return configMap(pod, map.getName(), map.getItems(), map.getOptional(), mode);
        }
        if (source.getSecret() != null) {
            var secret = source.getSecret();
            return secret(pod, secret.getName(), secret.getItems(), secret.getOptional(), mode);
        }
        if (source.getDownwardAPI() != null) {
            return downward(pod, source.getDownwardAPI().getItems(), mode, addresses);
        }
        if (source.getServiceAccountToken() != null) {
            return token(pod, source.getServiceAccountToken(), mode);
        }
        if (source.getClusterTrustBundle() != null) {
            return trustAnchors(pod, source.getClusterTrustBundle(), mode);
        }
        throw new MissingConfigException("unsupported projected volume source");
    }

    private Part configMap(Pod pod, String name, List<KeyToPath> items, Boolean optional, int mode)
            throws InterruptedException {
        var found = references.configMap(pod.getMetadata().getNamespace(), name);
        if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
            throw new MissingConfigException("configmap \"" + name + "\" not found");
        }
        var data = new HashMap<String, byte[]>();
        found.ifPresent(map -> {
            if (map.getData() != null) {
                map.getData().forEach((key, value) -> data.put(key, value.getBytes(StandardCharsets.UTF_8)));
            }
            if (map.getBinaryData() != null) {
                map.getBinaryData()
                        .forEach((key, value) ->
                                data.put(key, Base64.getDecoder().decode(value)));
            }
        });
        return keyed(data, items, optional, mode, "config");
    }

    private Part secret(Pod pod, String name, List<KeyToPath> items, Boolean optional, int mode)
            throws InterruptedException {
        var found = references.secret(pod.getMetadata().getNamespace(), name);
        if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
            throw new MissingConfigException("secret \"" + name + "\" not found");
        }
        var data = new HashMap<String, byte[]>();
        found.map(secret -> secret.getData())
                .ifPresent(map -> map.forEach(
                        (key, value) -> data.put(key, Base64.getDecoder().decode(value))));
        return keyed(data, items, optional, mode, "secret");
    }

    /// All keys under their own names, or the named ones at their paths.
    private static Part keyed(
            Map<String, byte[]> data, List<KeyToPath> items, Boolean optional, int mode, String what) {
        var files = new HashMap<String, Payload.File>();
        if (items == null || items.isEmpty()) {
            data.forEach((key, content) -> files.put(key, new Payload.File(content, mode, OptionalInt.empty())));
            return new Part(files);
        }
        for (var item : items) {
            var content = data.get(item.getKey());
            if (content == null) {
                if (Boolean.TRUE.equals(optional)) {
                    continue;
                }
                throw new MissingConfigException("references non-existent " + what + " key: " + item.getKey());
            }
            int own = item.getMode() == null ? mode : item.getMode();
            files.put(item.getPath(), new Payload.File(content, own, OptionalInt.empty()));
        }
        return new Part(files);
    }

    private Part downward(Pod pod, List<DownwardAPIVolumeFile> items, int mode, PodAddresses addresses) {
        var files = new HashMap<String, Payload.File>();
        for (var item : items) {
            var value = item.getFieldRef() != null
                    ? FieldPaths.value(pod, item.getFieldRef().getFieldPath(), addresses)
                    : ResourceFields.value(pod, "", item.getResourceFieldRef(), allocatable);
            int own = item.getMode() == null ? mode : item.getMode();
            files.put(
                    item.getPath(), new Payload.File(value.getBytes(StandardCharsets.UTF_8), own, OptionalInt.empty()));
        }
        return new Part(files);
    }

    /// Only the pod's own user reads the token, when all of its containers are the same user.
    private Part token(Pod pod, ServiceAccountTokenProjection source, int mode) throws InterruptedException {
        var value = tokens.of(pod, source.getAudience(), source.getExpirationSeconds());
        return ofThePod(pod, source.getPath(), value, mode);
    }

    private Part trustAnchors(Pod pod, ClusterTrustBundleProjection source, int mode) throws InterruptedException {
        return ofThePod(pod, source.getPath(), TrustAnchors.of(source, references.trustBundles()), mode);
    }

    private static Part ofThePod(Pod pod, String path, String content, int mode) {
        var owner = commonUser(pod);
        boolean grouped = pod.getSpec().getSecurityContext() != null
                && pod.getSpec().getSecurityContext().getFsGroup() != null;
        int own = owner.isPresent() || grouped ? SECRET_TOKEN_MODE : mode;
        return new Part(Map.of(path, new Payload.File(content.getBytes(StandardCharsets.UTF_8), own, owner)));
    }

    private static OptionalInt commonUser(Pod pod) {
        var podContext = pod.getSpec().getSecurityContext();
        var podUser = podContext == null ? null : podContext.getRunAsUser();
        var containers = new ArrayList<>(pod.getSpec().getContainers());
        containers.addAll(pod.getSpec().getInitContainers());
        var users = new HashSet<Long>();
        for (var container : containers) {
            var context = container.getSecurityContext();
            var user = context != null && context.getRunAsUser() != null ? context.getRunAsUser() : podUser;
            if (user == null) {
                return OptionalInt.empty();
            }
            users.add(user);
        }
        return users.size() == 1 ? OptionalInt.of(users.iterator().next().intValue()) : OptionalInt.empty();
    }

    private static int mode(Integer mode) {
        return mode == null ? DEFAULT_MODE : mode;
    }
}
