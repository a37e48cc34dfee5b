package dev.kapal.apiserver.authz.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A PersistentVolume as a link between a claim and secrets. Pure, immutable.
///
/// @param claim the key of the claim it is bound to; empty for a free volume
/// @param secrets keys of the secrets that are needed to mount it
record VolumeNeeds(String claim, Set<String> secrets) {
    private static final List<String> REFERENCES =
            List.of("secretRef", "nodeStageSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef");

    static VolumeNeeds of(ObjectNode volume) {
        var spec = volume.path("spec");
        var claim = spec.path("claimRef");
        String namespace = claim.path("namespace").asText("");
        if (namespace.isEmpty()) {
            return new VolumeNeeds("", Set.of());
        }
        var secrets = new HashSet<String>();
        for (var source : spec) {
            for (var reference : REFERENCES) {
                add(secrets, source.path(reference), namespace);
            }
        }
        var azure = spec.path("azureFile");
        if (azure.has("secretName")) {
            secrets.add(PodNeeds.key(
                    PodNeeds.SECRETS,
                    azure.path("secretNamespace").asText(namespace),
                    azure.path("secretName").asText()));
        }
        String key = PodNeeds.key(PodNeeds.CLAIMS, namespace, claim.path("name").asText());
        return new VolumeNeeds(key, secrets);
    }

    /// A reference without a namespace means that of the claim.
    private static void add(Set<String> secrets, JsonNode reference, String namespace) {
        if (reference.path("name").isTextual()) {
            String own = reference.path("namespace").asText("");
            secrets.add(PodNeeds.key(
                    PodNeeds.SECRETS,
                    own.isEmpty() ? namespace : own,
                    reference.path("name").asText()));
        }
    }
}
