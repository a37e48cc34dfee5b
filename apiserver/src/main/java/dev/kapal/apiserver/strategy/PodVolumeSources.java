package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.storage.ClaimRules;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;

/// Where the data of a pod's volume comes from: exactly one place. Source: core/v1 API reference, Volume.
final class PodVolumeSources {
    /// In the order in which upstream looks for them: the first counts, the others are too many.
    private static final List<String> ALL = List.of(
            "emptyDir",
            "hostPath",
            "gitRepo",
            "gcePersistentDisk",
            "awsElasticBlockStore",
            "secret",
            "nfs",
            "iscsi",
            "glusterfs",
            "flocker",
            "persistentVolumeClaim",
            "rbd",
            "cinder",
            "cephfs",
            "quobyte",
            "downwardAPI",
            "fc",
            "flexVolume",
            "configMap",
            "azureFile",
            "vsphereVolume",
            "photonPersistentDisk",
            "portworxVolume",
            "azureDisk",
            "storageos",
            "projected",
            "scaleIO",
            "csi",
            "ephemeral",
            "image");
    private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");

    private PodVolumeSources() {}

    /// @param path of the volume
    /// @param pod the name of the pod when it is known
    static void check(String path, ObjectNode volume, String pod, Problems problems) {
        var present = new ArrayList<>(ALL);
        present.removeIf(source -> !volume.has(source));
        if (present.isEmpty()) {
            problems.required(path, "must specify a volume type");
            return;
        }
        var type = present.getFirst();
        checkSource(path, type, volume, pod, problems);
        for (var extra : present.subList(1, present.size())) {
            problems.forbidden(path + "." + inMessages(extra), "may not specify more than 1 volume type");
        }
    }

    /// Two names are written differently there.
    private static String inMessages(String source) {
        return switch (source) {
            case "cephfs" -> "cephFS";
            case "downwardAPI" -> "downwarAPI";
            default -> source;
        };
    }

    private static void checkSource(String path, String type, ObjectNode volume, String pod, Problems problems) {
        var at = path + "." + type;
        var source = volume.get(type);
        switch (type) {
            case "emptyDir" -> {
                if (ResourceRules.amount(source.path("sizeLimit"))
                        .map(limit -> limit.amount().signum() < 0)
                        .orElse(false)) {
                    problems.forbidden(at + ".sizeLimit", "SizeLimit field must be a valid resource quantity");
                }
            }
            case "secret" -> FileRules.checkKeys(at, "secretName", source, problems);
            case "configMap" -> FileRules.checkKeys(at, "name", source, problems);
            case "downwardAPI" -> FileRules.checkDownward(at, source, problems);
            case "projected" -> ProjectedRules.check(at, source, problems);
            case "persistentVolumeClaim" -> {
                if (source.path("claimName").asText("").isEmpty()) {
                    problems.required(at + ".claimName", "");
                }
            }
            case "csi" -> checkCsi(at, source, problems);
            case "ephemeral" -> checkEphemeral(path, volume, pod, problems);
            case "image" -> checkImage(at, source, pod, problems);
            default -> AttachedVolumes.check(path, type, source, problems);
        }
        if (type.equals("iscsi") && source.has("initiatorName")) {
            var name = volume.path("name").asText("");
            var both = name + ":" + source.path("targetPortal").asText("");
            if (both.length() > IscsiRules.LONGEST_PORTAL) {
                problems.invalid(path + ".name", name, IscsiRules.PORTAL_TOO_LONG);
            }
        }
    }

    private static void checkCsi(String path, JsonNode csi, Problems problems) {
        AttachedVolumes.checkDriver(path + ".driver", csi.path("driver").asText(""), problems);
        if (csi.has("nodePublishSecretRef")) {
            var name = csi.get("nodePublishSecretRef").path("name").asText("");
            if (name.isEmpty()) {
                problems.required(path + ".nodePublishSecretRef.name", "");
            } else {
                problems.invalid(path + ".name", name, Names.dns1123Subdomain(name));
            }
        }
    }

    /// The claim is made from a template, by the name of the pod and the volume.
    private static void checkEphemeral(String path, ObjectNode volume, String pod, Problems problems) {
        var at = path + ".ephemeral.volumeClaimTemplate";
        var template = volume.get("ephemeral").get("volumeClaimTemplate");
        if (template == null) {
            problems.required(at, "");
        } else {
            LabelRules.checkTemplate(at + ".metadata", template.path("metadata"), problems);
            ClaimRules.check(at + ".spec", template.path("spec"), problems);
        }
        var name = volume.path("name").asText("");
        if (!pod.isEmpty() && !name.isEmpty()) {
            var claim = pod + "-" + name;
            for (var detail : Names.dns1123Subdomain(claim)) {
                problems.invalid(path + ".name", name, "PVC name \"" + claim + "\": " + detail);
            }
        }
    }

    private static void checkImage(String path, JsonNode image, String pod, Problems problems) {
        if (!pod.isEmpty() && image.path("reference").asText("").isEmpty()) {
            problems.required(path + ".reference", "");
        }
        problems.oneOf(path + ".pullPolicy", image.path("pullPolicy").asText(""), PULL_POLICIES);
    }
}
