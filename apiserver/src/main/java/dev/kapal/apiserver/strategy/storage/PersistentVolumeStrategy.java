package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.apiserver.strategy.NodeLabelWarnings;
import dev.kapal.apiserver.strategy.PodWarnings;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import dev.kapal.apiserver.strategy.SpecDiff;
import dev.kapal.apiserver.strategy.Strategy;
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
    private static final String MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options";
    /// What options can be given for.
    private static final List<String> MOUNTED = List.of(
            "gcePersistentDisk",
            "awsElasticBlockStore",
            "glusterfs",
            "nfs",
            "rbd",
            "quobyte",
            "iscsi",
            "cinder",
            "cephfs",
            "azureFile",
            "vsphereVolume",
            "azureDisk",
            "photonPersistentDisk");

    private static final String AFFINITY = "Required?{NodeSelectorTerms[MatchExpressions[Key Operator Values?]"
            + " MatchFields[Key Operator Values?]]}";

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
        VolumeSpecRules.check("spec", volume.path("metadata").path("name").asText(""), spec, problems);
        boolean mounted = MOUNTED.stream().anyMatch(spec::has);
        if (!mounted && volume.path("metadata").path("annotations").has(MOUNT_OPTIONS)) {
            problems.forbidden(
                    "metadata.annotations." + MOUNT_OPTIONS, "may not specify mount options for this volume type");
        }
        stored.ifPresent(before -> checkKept(spec, before.path("spec"), problems));
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
                    spec.has("nodeAffinity") ? GoStruct.of(spec.get("nodeAffinity"), AFFINITY) : null,
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
