package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AffinityRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import dev.kapal.model.codec.Times;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Storage that is there: where it is never changes. When its phase changed last is written down by the server.
final class PersistentVolumeStrategy implements Strategy {
    private static final List<String> POLICIES = List.of("Delete", "Recycle", "Retain");

    private final InstantSource time;

    PersistentVolumeStrategy(InstantSource time) {
        this.time = time;
    }

    @Override
    public void onCreate(ObjectNode volume) {
        volume.putObject("status").put("phase", "Pending").put("lastPhaseTransitionTime", now());
    }

    @Override
    public void onStatusUpdate(ObjectNode incoming, ObjectNode stored) {
        var status = incoming.withObjectProperty("status");
        var before = stored.path("status");
        if (status.path("phase").equals(before.path("phase"))) {
            return;
        }
        boolean given = status.has("lastPhaseTransitionTime")
                && !status.get("lastPhaseTransitionTime").equals(before.path("lastPhaseTransitionTime"));
        if (!given) {
            status.put("lastPhaseTransitionTime", now());
        }
    }

    private String now() {
        return Times.seconds(time.instant());
    }

    @Override
    public void check(ObjectNode volume, Optional<ObjectNode> stored, Problems problems) {
        var spec = volume.path("spec");
        checkSpec("spec", spec, problems);
        stored.ifPresent(before -> checkKept(spec, before.path("spec"), problems));
    }

    private static void checkSpec(String path, JsonNode spec, Problems problems) {
        if (spec.path("accessModes").isEmpty()) {
            problems.required(path + ".accessModes", "");
        }
        AccessModes.check(path + ".accessModes", spec.path("accessModes"), problems);
        checkCapacity(path + ".capacity", spec.path("capacity"), problems);
        var policy = spec.path("persistentVolumeReclaimPolicy").asText("");
        if (!policy.isEmpty() && !POLICIES.contains(policy)) {
            problems.notSupported(path + ".persistentVolumeReclaimPolicy", policy, POLICIES);
        }
        checkAffinity(path + ".nodeAffinity", spec, problems);
        VolumeSources.check(path, spec, problems);
        if (policy.equals("Recycle")
                && isRoot(spec.path("hostPath").path("path").asText(""))) {
            problems.forbidden(
                    path + ".persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'");
        }
        var storageClass = spec.path("storageClassName").asText("");
        if (!storageClass.isEmpty()) {
            problems.invalid(path + ".storageClassName", storageClass, Names.dns1123Subdomain(storageClass));
        }
        AccessModes.checkVolumeMode(path + ".volumeMode", spec.path("volumeMode"), problems);
        if (spec.has("volumeAttributesClassName")) {
            checkAttributes(path, spec, problems);
        }
    }

    private static boolean isRoot(String path) {
        return !path.isEmpty() && path.chars().allMatch(c -> c == '/');
    }

    private static void checkAttributes(String path, JsonNode spec, Problems problems) {
        var name = spec.get("volumeAttributesClassName").asText();
        if (name.isEmpty()) {
            problems.required(path + ".volumeAttributesClassName", "an empty string is disallowed");
        } else {
            problems.invalid(path + ".volumeAttributesClassName", name, Names.dns1123Subdomain(name));
        }
        if (!spec.has("csi")) {
            problems.required(path + ".csi", "has to be specified when using volumeAttributesClassName");
        }
    }

    private static void checkCapacity(String path, JsonNode capacity, Problems problems) {
        if (capacity.isEmpty()) {
            problems.required(path, "");
        } else if (!capacity.has("storage") || capacity.size() > 1) {
            problems.notSupported(path, capacity, List.of("storage"));
        }
        capacity.properties().forEach(amount -> {
            var at = Problems.at(path, amount.getKey());
            ResourceRules.checkNotNegative(at, amount.getValue(), problems);
            ResourceRules.checkPositive(at, amount.getValue(), problems);
        });
    }

    private static void checkAffinity(String path, JsonNode spec, Problems problems) {
        if (!spec.has("nodeAffinity")) {
            return;
        }
        if (spec.get("nodeAffinity").has("required")) {
            AffinityRules.checkNodeSelector(
                    path + ".required", spec.get("nodeAffinity").get("required"), problems);
        } else {
            problems.required(path + ".required", "must specify required node constraints");
        }
    }

    private static void checkKept(JsonNode spec, JsonNode before, Problems problems) {
        boolean moved = VolumeSources.ALL.stream()
                .anyMatch(source -> !level(spec.path(source)).equals(level(before.path(source))));
        if (moved) {
            problems.forbidden(
                    "spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation");
        }
        if (!spec.path("volumeMode").equals(before.path("volumeMode"))) {
            problems.invalid("spec.volumeMode", spec.path("volumeMode"), Problems.IMMUTABLE);
        }
        if (before.has("nodeAffinity") && !spec.path("nodeAffinity").equals(before.get("nodeAffinity"))) {
            problems.invalid(
                    "spec.nodeAffinity",
                    spec.has("nodeAffinity") ? spec.get("nodeAffinity") : null,
                    Problems.IMMUTABLE);
        }
    }

    /// A CSI source without the one reference that may be added later.
    private static JsonNode level(JsonNode source) {
        if (!source.has("controllerExpandSecretRef") && !source.has("nodeExpandSecretRef")) {
            return source;
        }
        var copy = (ObjectNode) source.deepCopy();
        copy.remove(List.of("controllerExpandSecretRef", "nodeExpandSecretRef"));
        return copy;
    }

    @Override
    public List<String> warnings(ObjectNode volume) {
        var warnings = new ArrayList<String>();
        var spec = volume.path("spec");
        if (spec.path("persistentVolumeReclaimPolicy").asText("").equals("Recycle")) {
            warnings.add("spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the"
                    + " recommended approach is to use dynamic provisioning.");
        }
        if (volume.path("metadata").path("annotations").has("volume.beta.kubernetes.io/storage-class")) {
            warnings.add("metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use"
                    + " \"storageClassName\" attribute instead");
        }
        return warnings;
    }

    @Override
    public Set<String> selectable() {
        return Set.of("name");
    }

    @Override
    public Map<String, String> fields(ObjectNode volume) {
        return Map.of("name", volume.path("metadata").path("name").asText(""));
    }
}
