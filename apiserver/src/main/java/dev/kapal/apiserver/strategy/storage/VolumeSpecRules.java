package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AffinityRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import dev.kapal.model.Names;
import dev.kapal.model.codec.Documents;
import java.util.List;
import java.util.TreeMap;

/// What a volume says of itself, on its own or within an attachment. Source: core/v1 API reference,
/// PersistentVolumeSpec.
final class VolumeSpecRules {
    private static final List<String> POLICIES = List.of("Delete", "Recycle", "Retain");
    private static final String INLINE = "may not be specified in the context of inline volumes";

    private VolumeSpecRules() {}

    /// @param name of the volume
    static void check(String path, String name, JsonNode spec, Problems problems) {
        checkModes(path, spec, problems);
        checkCapacity(path + ".capacity", spec.path("capacity"), problems);
        var policy = spec.path("persistentVolumeReclaimPolicy").asText("");
        if (!policy.isEmpty() && !POLICIES.contains(policy)) {
            problems.notSupported(path + ".persistentVolumeReclaimPolicy", policy, POLICIES);
        }
        checkAffinity(path + ".nodeAffinity", spec, problems);
        checkSource(path, name, spec, problems);
        var storageClass = spec.path("storageClassName").asText("");
        if (!storageClass.isEmpty()) {
            problems.invalid(path + ".storageClassName", storageClass, Names.dns1123Subdomain(storageClass));
        }
        AccessModes.checkVolumeMode(path + ".volumeMode", spec.path("volumeMode"), problems);
        if (spec.has("volumeAttributesClassName")) {
            checkAttributes(path, spec, problems);
        }
    }

    /// Of a volume that is not an object: its driver knows it, and nothing else is said of it.
    static void checkInline(String path, JsonNode spec, Problems problems) {
        if (spec.has("claimRef")) {
            problems.forbidden(path + ".claimRef", INLINE);
        }
        if (!spec.path("capacity").isEmpty()) {
            problems.forbidden(path + ".capacity", INLINE);
        }
        if (!spec.has("csi")) {
            problems.required(path + ".csi", "has to be specified in the context of inline volumes");
        }
        checkModes(path, spec, problems);
        var policy = spec.path("persistentVolumeReclaimPolicy").asText("");
        if (!policy.isEmpty() && !policy.equals("Retain")) {
            problems.forbidden(
                    path + ".persistentVolumeReclaimPolicy", "may only be Retain in the context of inline volumes");
        }
        if (spec.has("nodeAffinity")) {
            problems.forbidden(path + ".nodeAffinity", INLINE);
        }
        checkSource(path, "", spec, problems);
        if (!spec.path("storageClassName").asText("").isEmpty()) {
            problems.forbidden(path + ".storageClassName", INLINE);
        }
        if (spec.has("volumeMode") && !spec.get("volumeMode").asText().equals("Filesystem")) {
            problems.forbidden(
                    path + ".volumeMode",
                    "may not specify volumeMode other than Filesystem in the context of inline volumes");
        }
    }

    private static void checkModes(String path, JsonNode spec, Problems problems) {
        if (spec.path("accessModes").isEmpty()) {
            problems.required(path + ".accessModes", "");
        }
        AccessModes.check(path + ".accessModes", spec.path("accessModes"), problems);
    }

    private static void checkSource(String path, String name, JsonNode spec, Problems problems) {
        VolumeSources.check(path, name, spec, problems);
        boolean recycles = spec.path("persistentVolumeReclaimPolicy").asText("").equals("Recycle");
        if (recycles && isRoot(spec.path("hostPath").path("path").asText(""))) {
            problems.forbidden(
                    path + ".persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'");
        }
    }

    /// Whether a path leads nowhere else, by whichever detours.
    private static boolean isRoot(String path) {
        int depth = 0;
        for (var step : path.split("/")) {
            switch (step) {
                case "", "." -> {}
                case ".." -> depth = Math.max(0, depth - 1);
                default -> depth++;
            }
        }
        return path.startsWith("/") && depth == 0;
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
        }
        if (!capacity.has("storage") || capacity.size() > 1) {
            problems.notSupported(path, sorted(capacity), List.of("storage"));
        }
        capacity.properties().forEach(amount -> {
            var at = Problems.at(path, amount.getKey());
            ResourceRules.checkBasic(at, amount.getValue(), problems);
            ResourceRules.checkPositive(at, amount.getValue(), problems);
        });
    }

    private static JsonNode sorted(JsonNode amounts) {
        var byName = new TreeMap<String, JsonNode>();
        amounts.properties().forEach(amount -> byName.put(amount.getKey(), amount.getValue()));
        ObjectNode sorted = Documents.object();
        byName.forEach(sorted::set);
        return amounts.isMissingNode() ? sorted.nullNode() : sorted;
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
}
