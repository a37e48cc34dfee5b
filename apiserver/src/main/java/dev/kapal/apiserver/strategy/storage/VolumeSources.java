package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
    private static final List<String> HOST_PATH_TYPES = List.of(
            "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");
    private static final int DRIVER_LENGTH = 63;

    private VolumeSources() {}

    static void check(String path, JsonNode spec, Problems problems) {
        var present = new ArrayList<>(ALL);
        present.removeIf(source -> !spec.has(source));
        if (present.isEmpty()) {
            problems.required(path, "must specify a volume type");
            return;
        }
        for (var extra : present.subList(1, present.size())) {
            problems.forbidden(path + "." + extra, "may not specify more than 1 volume type");
        }
        var source = present.getFirst();
        checkSource(path + "." + source, source, spec, problems);
    }

    private static void checkSource(String path, String source, JsonNode spec, Problems problems) {
        var value = spec.get(source);
        switch (source) {
            case "hostPath" -> {
                checkPath(path + ".path", value.path("path").asText(""), problems);
                var type = value.path("type").asText("");
                if (!HOST_PATH_TYPES.contains(type)) {
                    problems.notSupported(path + ".type", type, HOST_PATH_TYPES);
                }
            }
            case "local" -> {
                checkPath(path + ".path", value.path("path").asText(""), problems);
                if (!spec.has("nodeAffinity")) {
                    problems.required("spec.nodeAffinity", "Local volume requires node affinity");
                }
            }
            case "nfs" -> {
                required(path, value, problems, "server", "path");
                var directory = value.path("path").asText("");
                if (!directory.startsWith("/")) {
                    problems.invalid(path + ".path", directory, "must be an absolute path");
                }
            }
            case "csi" -> checkCsi(path, value, problems);
            case "iscsi" -> required(path, value, problems, "targetPortal", "iqn");
            case "fc" -> {
                if (value.path("targetWWNs").isEmpty() && value.path("wwids").isEmpty()) {
                    problems.required(path + ".targetWWNs", "must specify either targetWWNs or wwids, but not both");
                }
            }
            case "rbd" -> {
                if (value.path("monitors").isEmpty()) {
                    problems.required(path + ".monitors", "");
                }
                required(path, value, problems, "image");
            }
            case "cephfs" -> {
                if (value.path("monitors").isEmpty()) {
                    problems.required(path + ".monitors", "");
                }
            }
            case "glusterfs" -> required(path, value, problems, "endpoints", "path");
            case "gcePersistentDisk" -> required(path, value, problems, "pdName");
            case "awsElasticBlockStore", "cinder", "portworxVolume" -> required(path, value, problems, "volumeID");
            case "flexVolume" -> required(path, value, problems, "driver");
            case "vsphereVolume" -> required(path, value, problems, "volumePath");
            case "photonPersistentDisk" -> required(path, value, problems, "pdID");
            case "azureFile" -> required(path, value, problems, "secretName", "shareName");
            case "azureDisk" -> required(path, value, problems, "diskName", "diskURI");
            case "quobyte" -> required(path, value, problems, "registry", "volume");
            case "scaleIO" -> required(path, value, problems, "gateway", "system", "volumeName");
            default -> {}
        }
    }

    private static void required(String path, JsonNode value, Problems problems, String... fields) {
        for (var field : fields) {
            if (value.path(field).asText("").isEmpty()) {
                problems.required(path + "." + field, "");
            }
        }
    }

    private static void checkPath(String path, String value, Problems problems) {
        if (value.isEmpty()) {
            problems.required(path, "");
        }
        for (var part : value.split("/")) {
            if (part.equals("..")) {
                problems.invalid(path, value, "must not contain '..'");
                return;
            }
        }
    }

    private static void checkCsi(String path, JsonNode csi, Problems problems) {
        checkDriver(path + ".driver", csi.path("driver").asText(""), problems);
        required(path, csi, problems, "volumeHandle");
        for (var ref : List.of(
                "controllerPublishSecretRef",
                "controllerExpandSecretRef",
                "nodePublishSecretRef",
                "nodeStageSecretRef",
                "nodeExpandSecretRef")) {
            if (csi.has(ref)) {
                required(path + "." + ref, csi.get(ref), problems, "name", "namespace");
            }
        }
    }

    /// The name of a CSI driver.
    static void checkDriver(String path, String driver, Problems problems) {
        if (driver.isEmpty()) {
            problems.required(path, "");
            return;
        }
        if (driver.length() > DRIVER_LENGTH) {
            problems.tooLong(path, DRIVER_LENGTH);
        }
        problems.invalid(path, driver, Names.dns1123Subdomain(driver.toLowerCase(Locale.ROOT)));
    }
}
