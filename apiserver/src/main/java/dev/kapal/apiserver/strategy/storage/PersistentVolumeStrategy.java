package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AffinityRules;
import dev.kapal.apiserver.strategy.NodeLabelWarnings;
import dev.kapal.apiserver.strategy.PodWarnings;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import dev.kapal.apiserver.strategy.SpecDiff;
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
    /// The one reference that may be added later.
    private static final String LATER = "controllerExpandSecretRef";

    private static final Map<String, String> TODAY = Map.of(
            "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region",
            "beta.kubernetes.io/os", "kubernetes.io/os",
            "beta.kubernetes.io/arch", "kubernetes.io/arch",
            "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type");
    private static final Map<String, String> OLD_ANNOTATIONS = Map.of(
            "volume.beta.kubernetes.io/storage-class",
            "deprecated since v1.8; use \"storageClassName\" attribute instead",
            "volume.beta.kubernetes.io/mount-options",
            "deprecated since v1.31; use \"mountOptions\" attribute instead");
    private static final Set<String> OLD_SOURCES =
            Set.of("cephfs", "photonPersistentDisk", "scaleIO", "storageos", "glusterfs", "rbd");
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
            ResourceRules.checkBasic(at, amount.getValue(), problems);
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

    /// Of upstream's messages some name the field as if it were not below `spec`.
    private static void checkKept(JsonNode spec, JsonNode before, Problems problems) {
        var source = sources(spec);
        var old = sources(before);
        if (!old.path("csi").has(LATER) && source.get("csi") instanceof ObjectNode csi) {
            csi.remove(LATER);
        }
        if (!source.equals(old)) {
            problems.forbidden(
                    "spec.persistentvolumesource",
                    "spec.persistentvolumesource is immutable after creation\n"
                            + SpecDiff.of("PersistentVolumeSource", old, source));
        }
        problems.unchanged("volumeMode", spec.path("volumeMode"), before.path("volumeMode"));
        if (before.has("nodeAffinity") && !isSameAffinity(spec.path("nodeAffinity"), before.get("nodeAffinity"))) {
            problems.invalid(
                    "nodeAffinity",
                    spec.has("nodeAffinity") ? spec.get("nodeAffinity") : null,
                    Problems.IMMUTABLE + ", except for updating from beta label to GA");
        }
        if (before.has("volumeAttributesClassName") && !spec.has("volumeAttributesClassName")) {
            problems.forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden");
        }
    }

    private static ObjectNode sources(JsonNode spec) {
        return spec.<ObjectNode>deepCopy().retain(VolumeSources.ALL);
    }

    /// Labels of old may be replaced by what they are called today.
    private static boolean isSameAffinity(JsonNode affinity, JsonNode before) {
        if (affinity.equals(before)) {
            return true;
        }
        var terms = affinity.path("required").path("nodeSelectorTerms");
        var old = before.path("required").path("nodeSelectorTerms");
        var renamed = (ObjectNode) before.deepCopy();
        for (int i = 0; i < Math.min(terms.size(), old.size()); i++) {
            var expressions = terms.get(i).path("matchExpressions");
            var target = renamed.at("/required/nodeSelectorTerms/" + i + "/matchExpressions");
            for (int j = 0; j < Math.min(expressions.size(), target.size()); j++) {
                var today = TODAY.get(target.get(j).path("key").asText(""));
                if (today != null && today.equals(expressions.get(j).path("key").asText(""))) {
                    ((ObjectNode) target.get(j)).put("key", today);
                }
            }
        }
        return affinity.equals(renamed);
    }

    @Override
    public List<String> warnings(ObjectNode volume) {
        var warnings = new ArrayList<String>();
        var annotations = volume.path("metadata").path("annotations");
        OLD_ANNOTATIONS.forEach((key, message) -> {
            if (annotations.has(key)) {
                warnings.add("metadata.annotations[" + key + "]: " + message);
            }
        });
        var spec = volume.path("spec");
        if (spec.path("persistentVolumeReclaimPolicy").asText("").equals("Recycle")) {
            warnings.add("spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the"
                    + " recommended approach is to use dynamic provisioning.");
        }
        NodeLabelWarnings.ofSelector(
                "spec.nodeAffinity.required", spec.path("nodeAffinity").path("required"), warnings);
        PodWarnings.ofVolume("spec", spec, OLD_SOURCES, warnings);
        ResourceRules.fraction("spec.capacity[storage]", spec.path("capacity").path("storage"))
                .ifPresent(warnings::add);
        return warnings;
    }
}
