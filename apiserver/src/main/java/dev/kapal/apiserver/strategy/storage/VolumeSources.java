package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.AttachedVolumes;
import dev.kapal.apiserver.strategy.FileRules;
import dev.kapal.apiserver.strategy.IscsiRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;

/// Where the data of a persistent volume is: exactly one source. Source: core/v1 API reference, PersistentVolumeSource.
final class VolumeSources {
    static final List<String> ALL = List.of(
            "hostPath",
            "gcePersistentDisk",
            "awsElasticBlockStore",
            "glusterfs",
            "flocker",
            "nfs",
            "rbd",
            "quobyte",
            "cephfs",
            "iscsi",
            "cinder",
            "fc",
            "flexVolume",
            "azureFile",
            "vsphereVolume",
            "photonPersistentDisk",
            "portworxVolume",
            "azureDisk",
            "scaleIO",
            "local",
            "storageos",
            "csi");

    private VolumeSources() {}

    /// @param volume the name of the volume
    static void check(String path, String volume, JsonNode spec, Problems problems) {
        var present = new ArrayList<>(ALL);
        present.removeIf(source -> !spec.has(source));
        if (present.isEmpty()) {
            problems.required(path, "must specify a volume type");
            return;
        }
        var source = present.getFirst();
        checkSource(path, source, volume, spec, problems);
        for (var extra : present.subList(1, present.size())) {
            if (extra.equals("flexVolume")) { // upstream lets it stand beside another one
                AttachedVolumes.check(path, extra, spec.get(extra), problems);
            } else {
                problems.forbidden(
                        path + "." + (extra.equals("cephfs") ? "cephFS" : extra),
                        "may not specify more than 1 volume type");
            }
        }
    }

    private static void checkSource(String path, String source, String volume, JsonNode spec, Problems problems) {
        var at = path + "." + source;
        var value = spec.get(source);
        switch (source) {
            case "local" -> {
                var place = value.path("path").asText("");
                if (place.isEmpty()) {
                    problems.required(at + ".path", "");
                } else {
                    FileRules.checkNoBacksteps(at + ".path", place, problems);
                }
                if (!spec.has("nodeAffinity")) {
                    problems.required(path + ".nodeAffinity", "Local volume requires node affinity");
                }
            }
            case "csi" -> checkCsi(at, value, problems);
            case "iscsi" -> IscsiRules.checkOfVolume(at, volume, value, problems);
            default -> AttachedVolumes.check(path, source, value, problems);
        }
        switch (source) {
            case "cinder", "storageos" -> {
                if (value.has("secretRef")) {
                    AttachedVolumes.required(at + ".secretRef", value.get("secretRef"), problems, "namespace");
                }
            }
            case "azureFile" -> {
                if (value.has("secretNamespace")) {
                    AttachedVolumes.required(at, value, problems, "secretNamespace");
                }
            }
            case "glusterfs" -> checkEndpoints(at + ".endpointsNamespace", value.path("endpointsNamespace"), problems);
            default -> {
                return; // the same for pods and for volumes of their own
            }
        }
    }

    private static void checkEndpoints(String path, JsonNode namespace, Problems problems) {
        if (namespace.isMissingNode()) {
            return;
        }
        var name = namespace.asText();
        if (name.isEmpty()) {
            problems.invalid(path, name, "if the endpointnamespace is set, it must be a valid namespace name");
        } else {
            problems.invalid(path, name, Names.dns1123Label(name));
        }
    }

    private static void checkCsi(String path, JsonNode csi, Problems problems) {
        AttachedVolumes.checkDriver(path + ".driver", csi.path("driver").asText(""), problems);
        AttachedVolumes.required(path, csi, problems, "volumeHandle");
        for (var ref : List.of(
                "controllerPublishSecretRef",
                "controllerExpandSecretRef",
                "nodePublishSecretRef",
                "nodeExpandSecretRef")) {
            if (csi.has(ref)) {
                checkSecret(path + "." + ref, csi.get(ref), problems);
            }
        }
    }

    private static void checkSecret(String path, JsonNode ref, Problems problems) {
        AttachedVolumes.required(path, ref, problems, "name");
        var name = ref.path("name").asText("");
        if (!name.isEmpty()) {
            problems.invalid(path + ".name", name, Names.dns1123Subdomain(name));
        }
        AttachedVolumes.required(path, ref, problems, "namespace");
        var namespace = ref.path("namespace").asText("");
        if (!namespace.isEmpty()) {
            problems.invalid(path + ".namespace", namespace, Names.dns1123Label(namespace));
        }
    }
}
