package dev.kapal.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The names of what a pod refers to. Pure. Source: API reference, Pod.
final class PodNeeds {
    private PodNeeds() {}

    /// @param resource `secrets`, `configmaps`, `serviceaccounts` or `persistentvolumeclaims`
    static Set<String> of(ObjectNode pod, String resource) {
        var spec = pod.path("spec");
        var names = new HashSet<String>();
        switch (resource) {
            case "secrets" -> {
                addAll(names, spec.path("imagePullSecrets"), "name");
                addSecretsOfVolumes(names, spec.path("volumes"));
                addOfContainers(names, spec, "secretKeyRef", "secretRef");
            }
            case "configmaps" -> {
                for (var volume : spec.path("volumes")) {
                    add(names, volume.path("configMap").path("name"));
                    for (var source : volume.path("projected").path("sources")) {
                        add(names, source.path("configMap").path("name"));
                    }
                }
                addOfContainers(names, spec, "configMapKeyRef", "configMapRef");
            }
            case "serviceaccounts" -> add(names, spec.path("serviceAccountName"));
            case "persistentvolumeclaims" -> addClaims(names, pod);
            default -> throw new IllegalArgumentException(resource);
        }
        return names;
    }

    private static void addSecretsOfVolumes(Set<String> names, JsonNode volumes) {
        for (var volume : volumes) {
            add(names, volume.path("secret").path("secretName"));
            for (var source : volume.path("projected").path("sources")) {
                add(names, source.path("secret").path("name"));
            }
            for (var type : volume) {
                add(names, type.path("secretRef").path("name"));
                add(names, type.path("nodePublishSecretRef").path("name"));
            }
        }
    }

    private static void addOfContainers(Set<String> names, JsonNode spec, String oneKey, String allKeys) {
        for (var list : List.of("containers", "initContainers", "ephemeralContainers")) {
            for (var container : spec.path(list)) {
                for (var variable : container.path("env")) {
                    add(names, variable.path("valueFrom").path(oneKey).path("name"));
                }
                for (var source : container.path("envFrom")) {
                    add(names, source.path(allKeys).path("name"));
                }
            }
        }
    }

    private static void addClaims(Set<String> names, ObjectNode pod) {
        for (var volume : pod.path("spec").path("volumes")) {
            add(names, volume.path("persistentVolumeClaim").path("claimName"));
            if (volume.has("ephemeral")) {
                names.add(pod.path("metadata").path("name").asText() + "-"
                        + volume.path("name").asText());
            }
        }
    }

    private static void addAll(Set<String> names, JsonNode list, String field) {
        list.forEach(item -> add(names, item.path(field)));
    }

    private static void add(Set<String> names, JsonNode name) {
        if (name.isTextual()) {
            names.add(name.asText());
        }
    }
}
