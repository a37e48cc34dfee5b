package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Locale;

/// Volumes that a node attaches by itself, for pods and for persistent volumes. Source: core/v1 API reference, Volume
/// and PersistentVolumeSource.
public final class AttachedVolumes {
    private static final List<String> HOST_PATH_TYPES = List.of(
            "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");
    private static final List<String> CACHING = List.of("None", "ReadOnly", "ReadWrite");
    private static final List<String> DISK_KINDS = List.of("Dedicated", "Managed", "Shared");
    private static final String MANAGED_DISK =
            "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
    private static final String BLOB_DISK =
            "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";
    private static final String PAIRS = "must be a host:port pair or multiple pairs separated by commas";
    private static final int DRIVER_LENGTH = 63;
    private static final int TENANT_LENGTH = 64;

    private AttachedVolumes() {}

    /// @param path of the volume
    /// @param type the name of its source
    public static void check(String path, String type, JsonNode source, Problems problems) {
        var at = path + "." + type;
        switch (type) {
            case "hostPath" -> {
                var place = source.path("path").asText("");
                if (place.isEmpty()) {
                    problems.required(at + ".path", "");
                } else {
                    FileRules.checkNoBacksteps(at + ".path", place, problems);
                    closed(at + ".type", source.path("type"), HOST_PATH_TYPES, problems);
                }
            }
            case "gitRepo" -> {
                required(at, source, problems, "repository");
                FileRules.checkDescending(
                        at + ".directory", source.path("directory").asText(""), problems);
            }
            case "gcePersistentDisk" -> {
                required(path + ".persistentDisk", source, problems, "pdName");
                range(path + ".persistentDisk.partition", source.path("partition"), 1, problems);
            }
            case "awsElasticBlockStore" -> {
                required(at, source, problems, "volumeID");
                range(at + ".partition", source.path("partition"), 1, problems);
            }
            case "nfs" -> {
                required(at, source, problems, "server", "path");
                var directory = source.path("path").asText("");
                if (!directory.startsWith("/")) {
                    problems.invalid(at + ".path", directory, "must be an absolute path");
                }
            }
            case "iscsi" -> IscsiRules.checkOfPod(at, source, problems);
            case "glusterfs" -> required(at, source, problems, "endpoints", "path");
            case "flocker" -> checkFlocker(at, source, problems);
            case "rbd" -> {
                requiredList(at + ".monitors", source.path("monitors"), problems);
                required(at, source, problems, "image");
            }
            case "cinder" -> required(at, source, problems, "volumeID");
            case "cephfs" -> requiredList(at + ".monitors", source.path("monitors"), problems);
            case "quobyte" -> checkQuobyte(at, source, problems);
            case "fc" -> checkFibreChannel(at, source, problems);
            case "flexVolume" -> checkFlex(at, source, problems);
            case "azureFile" -> required(at, source, problems, "secretName", "shareName");
            case "azureDisk" -> checkAzureDisk(at, source, problems);
            case "vsphereVolume" -> required(at, source, problems, "volumePath");
            case "photonPersistentDisk" -> required(at, source, problems, "pdID");
            case "portworxVolume" -> required(at, source, problems, "volumeID");
            case "scaleIO" -> required(at, source, problems, "gateway", "system", "volumeName");
            case "storageos" -> checkStorageOs(at, source, problems);
            default -> throw new IllegalArgumentException(type);
        }
        if ((type.equals("cinder") || type.equals("storageos")) && source.has("secretRef")) {
            required(at + ".secretRef", source.get("secretRef"), problems, "name");
        }
    }

    public static void required(String path, JsonNode value, Problems problems, String... fields) {
        for (var field : fields) {
            if (value.path(field).asText("").isEmpty()) {
                problems.required(path + "." + field, "");
            }
        }
    }

    private static void requiredList(String path, JsonNode list, Problems problems) {
        if (list.isEmpty()) {
            problems.required(path, "");
        }
    }

    /// @param named the least number in the message; nothing at all is fine, too
    private static void range(String path, JsonNode number, int named, Problems problems) {
        long value = number.asLong(0);
        if (value < 0 || value > 255) {
            problems.invalid(path, value, "must be between " + named + " and 255, inclusive");
        }
    }

    private static void closed(String path, JsonNode value, List<String> supported, Problems problems) {
        if (!value.isMissingNode() && !supported.contains(value.asText())) {
            problems.notSupported(path, value.asText(), supported);
        }
    }

    private static void checkFibreChannel(String path, JsonNode source, Problems problems) {
        var names = source.path("targetWWNs");
        if (names.isEmpty() && source.path("wwids").isEmpty()) {
            problems.required(path + ".targetWWNs", "must specify either targetWWNs or wwids, but not both");
        }
        if (!names.isEmpty() && !source.path("wwids").isEmpty()) {
            problems.invalid(path + ".targetWWNs", names, "targetWWNs and wwids can not be specified simultaneously");
        }
        if (!names.isEmpty()) {
            if (source.has("lun")) {
                range(path + ".lun", source.get("lun"), 0, problems);
            } else {
                problems.required(path + ".lun", "lun is required if targetWWNs is specified");
            }
        }
    }

    private static void checkFlocker(String path, JsonNode source, Problems problems) {
        var name = source.path("datasetName").asText("");
        var id = source.path("datasetUUID").asText("");
        if (name.isEmpty() && id.isEmpty()) {
            problems.required(path, "one of datasetName and datasetUUID is required");
        }
        if (!name.isEmpty() && !id.isEmpty()) {
            problems.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously");
        }
        if (name.contains("/")) {
            problems.invalid(path + ".datasetName", name, "must not contain '/'");
        }
    }

    private static void checkQuobyte(String path, JsonNode source, Problems problems) {
        var registry = source.path("registry").asText("");
        if (registry.isEmpty()) {
            problems.required(path + ".registry", PAIRS);
        } else if (source.path("tenant").asText("").length() > TENANT_LENGTH) {
            problems.required(path + ".tenant", "must be a UUID and may not exceed a length of 64 characters");
        } else {
            for (var pair : registry.split(",", -1)) {
                if (!pair.matches("(\\[[^\\]]*\\]|[^:]*):[^:]*")) {
                    problems.invalid(path + ".registry", registry, PAIRS);
                }
            }
        }
        required(path, source, problems, "volume");
    }

    /// Options in the name of Kubernetes are its own.
    private static void checkFlex(String path, JsonNode source, Problems problems) {
        required(path, source, problems, "driver");
        source.path("options").fieldNames().forEachRemaining(option -> {
            var domain = "." + option.split("/", 2)[0].toLowerCase(Locale.ROOT);
            if (domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io")) {
                problems.invalid(
                        Problems.at(path + ".options", option),
                        option,
                        "kubernetes.io and k8s.io namespaces are reserved");
            }
        });
    }

    private static void checkAzureDisk(String path, JsonNode source, Problems problems) {
        required(path, source, problems, "diskName", "diskURI");
        closed(path + ".cachingMode", source.path("cachingMode"), CACHING, problems);
        closed(path + ".kind", source.path("kind"), DISK_KINDS, problems);
        var place = source.path("diskURI").asText("");
        var kind = source.path("kind").asText("");
        if (kind.equals("Managed") && !place.startsWith("/subscriptions/")) {
            problems.notSupported(path + ".diskURI", place, List.of(MANAGED_DISK));
        }
        if (!kind.isEmpty() && !kind.equals("Managed") && !place.startsWith("https://")) {
            problems.notSupported(path + ".diskURI", place, List.of(BLOB_DISK));
        }
    }

    private static void checkStorageOs(String path, JsonNode source, Problems problems) {
        var name = source.path("volumeName").asText("");
        if (name.isEmpty()) {
            problems.required(path + ".volumeName", "");
        } else {
            problems.invalid(path + ".volumeName", name, Names.dns1123Label(name));
        }
        var namespace = source.path("volumeNamespace").asText("");
        if (!namespace.isEmpty()) {
            problems.invalid(path + ".volumeNamespace", namespace, Names.dns1123Label(namespace));
        }
    }

    /// The name of a CSI driver.
    public static void checkDriver(String path, String driver, Problems problems) {
        if (driver.isEmpty()) {
            problems.required(path, "");
        }
        if (driver.length() > DRIVER_LENGTH) {
            problems.tooLong(path, DRIVER_LENGTH);
        }
        problems.invalid(path, driver, Names.dns1123Subdomain(driver.toLowerCase(Locale.ROOT)));
    }
}
