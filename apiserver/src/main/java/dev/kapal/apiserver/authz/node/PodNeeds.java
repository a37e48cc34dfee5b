package dev.kapal.apiserver.authz.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a pod refers to, as `resource/namespace/name`. Pure. Source: API reference, Pod.
final class PodNeeds {
    static final String SECRETS = "secrets";
    static final String CONFIG_MAPS = "configmaps";
    static final String ACCOUNTS = "serviceaccounts";
    static final String CLAIMS = "persistentvolumeclaims";
    static final String RESOURCE_CLAIMS = "resourceclaims";

    private final String namespace;
    private final Set<String> found = new HashSet<>();

    private PodNeeds(String namespace) {
        this.namespace = namespace;
    }

    static String key(String resource, String namespace, String name) {
        return resource + "/" + namespace + "/" + name;
    }

    /// Nothing for a mirror pod: its node wrote it, so it could ask for anything with it.
    static Set<String> of(ObjectNode pod) {
        var metadata = pod.path("metadata");
        var needs = new PodNeeds(metadata.path("namespace").asText());
        if (!metadata.path("annotations").has("kubernetes.io/config.mirror")) {
            needs.collect(metadata.path("name").asText(), pod.path("spec"), pod.path("status"));
        }
        return Set.copyOf(needs.found);
    }

    private void collect(String name, JsonNode spec, JsonNode status) {
        add(ACCOUNTS, spec.path("serviceAccountName"));
        spec.path("imagePullSecrets").forEach(secret -> add(SECRETS, secret.path("name")));
        spec.path("volumes").forEach(volume -> volume(name, volume));
        for (var list : List.of("containers", "initContainers", "ephemeralContainers")) {
            spec.path(list).forEach(this::container);
        }
        spec.path("resourceClaims").forEach(claim -> add(RESOURCE_CLAIMS, claim.path("resourceClaimName")));
        status.path("resourceClaimStatuses").forEach(claim -> add(RESOURCE_CLAIMS, claim.path("resourceClaimName")));
        add(RESOURCE_CLAIMS, status.path("extendedResourceClaimStatus").path("resourceClaimName"));
    }

    private void volume(String pod, JsonNode volume) {
        add(SECRETS, volume.path("secret").path("secretName"));
        add(CONFIG_MAPS, volume.path("configMap").path("name"));
        for (var source : volume.path("projected").path("sources")) {
            add(SECRETS, source.path("secret").path("name"));
            add(CONFIG_MAPS, source.path("configMap").path("name"));
        }
        for (var type : volume) {
            add(SECRETS, type.path("secretRef").path("name"));
            add(SECRETS, type.path("nodePublishSecretRef").path("name"));
        }
        add(SECRETS, volume.path("azureFile").path("secretName"));
        add(CLAIMS, volume.path("persistentVolumeClaim").path("claimName"));
        if (volume.has("ephemeral")) {
            add(CLAIMS, pod + "-" + volume.path("name").asText());
        }
    }

    private void container(JsonNode container) {
        for (var variable : container.path("env")) {
            var from = variable.path("valueFrom");
            add(SECRETS, from.path("secretKeyRef").path("name"));
            add(CONFIG_MAPS, from.path("configMapKeyRef").path("name"));
        }
        for (var source : container.path("envFrom")) {
            add(SECRETS, source.path("secretRef").path("name"));
            add(CONFIG_MAPS, source.path("configMapRef").path("name"));
        }
    }

    private void add(String resource, JsonNode name) {
        if (name.isTextual()) {
            add(resource, name.asText());
        }
    }

    private void add(String resource, String name) {
        if (!name.isEmpty()) {
            found.add(key(resource, namespace, name));
        }
    }
}
