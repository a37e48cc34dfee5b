package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// How one container mounts its pod's volumes. Some of upstream's messages name the list rather than the mount. Source:
/// core/v1 API reference, VolumeMount and VolumeDevice.
final class MountRules {
    private static final List<String> PROPAGATIONS = List.of("Bidirectional", "HostToContainer", "None");
    private static final List<String> RECURSIVE = List.of("Disabled", "Enabled", "IfPossible");

    private MountRules() {}

    /// @param volumes those that a mount may use
    static void check(String path, JsonNode container, Map<String, JsonNode> volumes, Problems problems) {
        var mounts = container.path("volumeMounts");
        var devices = container.path("volumeDevices");
        checkMounts(path + ".volumeMounts", container, volumes, places(devices, "devicePath"), problems);
        checkDevices(path + ".volumeDevices", devices, volumes, places(mounts, "mountPath"), problems);
    }

    /// Where volumes are, by their names.
    private static Map<String, String> places(JsonNode list, String field) {
        var places = new HashMap<String, String>();
        list.forEach(item ->
                places.put(item.path("name").asText(""), item.path(field).asText("")));
        return places;
    }

    private static void checkMounts(
            String path,
            JsonNode container,
            Map<String, JsonNode> volumes,
            Map<String, String> devices,
            Problems problems) {
        var taken = new HashSet<String>();
        var mounts = container.path("volumeMounts");
        for (int i = 0; i < mounts.size(); i++) {
            var at = Problems.at(path, i);
            var mount = mounts.get(i);
            var name = mount.path("name").asText("");
            var place = mount.path("mountPath").asText("");
            if (name.isEmpty()) {
                problems.required(at + ".name", "");
            }
            if (!volumes.containsKey(name)) {
                problems.notFound(at + ".name", name);
            }
            if (place.isEmpty()) {
                problems.required(at + ".mountPath", "");
            }
            if (!taken.add(place)) {
                problems.invalid(at + ".mountPath", place, "must be unique");
            }
            if (devices.containsKey(name)) {
                problems.invalid(at + ".name", name, "must not already exist in volumeDevices");
            }
            if (devices.containsValue(place)) {
                problems.invalid(at + ".mountPath", place, "must not already exist as a path in volumeDevices");
            }
            boolean image = volumes.containsKey(name) && volumes.get(name).has("image");
            checkSubPaths(path, at, mount, image, problems);
            checkModes(path, mount, container, problems);
        }
    }

    private static void checkSubPaths(String path, String at, JsonNode mount, boolean image, Problems problems) {
        var sub = mount.path("subPath").asText("");
        var expression = mount.path("subPathExpr").asText("");
        if (image) {
            for (var field : List.of("subPath", "subPathExpr")) {
                if (!mount.path(field).asText("").isEmpty()) {
                    problems.invalid(
                            at + "." + field, mount.get(field).asText(), "not allowed in image volume sources");
                }
            }
        }
        if (!sub.isEmpty()) {
            FileRules.checkDescending(path + ".subPath", sub, problems);
        }
        if (!expression.isEmpty()) {
            if (!sub.isEmpty()) {
                problems.invalid(at + ".subPathExpr", expression, "subPathExpr and subPath are mutually exclusive");
            }
            FileRules.checkDescending(path + ".subPathExpr", expression, problems);
        }
    }

    private static void checkModes(String path, JsonNode mount, JsonNode container, Problems problems) {
        var propagation = mount.path("mountPropagation").asText("");
        if (mount.has("mountPropagation")) {
            boolean privileged =
                    container.path("securityContext").path("privileged").asBoolean(false);
            if (!PROPAGATIONS.contains(propagation)) {
                problems.notSupported(path + ".mountPropagation", propagation, PROPAGATIONS);
            }
            if (propagation.equals("Bidirectional") && !privileged) {
                problems.forbidden(
                        path + ".mountPropagation",
                        "Bidirectional mount propagation is available only to privileged containers");
            }
        }
        if (!mount.has("recursiveReadOnly")) {
            return;
        }
        var at = path + ".recursiveReadOnly";
        var recursive = mount.get("recursiveReadOnly").asText();
        if (!RECURSIVE.contains(recursive)) {
            problems.notSupported(at, recursive, RECURSIVE);
        } else if (!recursive.equals("Disabled")) {
            if (!mount.path("readOnly").asBoolean(false)) {
                problems.forbidden(at, "may only be specified when readOnly is true");
            }
            if (!propagation.isEmpty() && !propagation.equals("None")) {
                problems.forbidden(at, "may only be specified when mountPropagation is None or not specified");
            }
        }
    }

    private static void checkDevices(
            String path,
            JsonNode devices,
            Map<String, JsonNode> volumes,
            Map<String, String> mounts,
            Problems problems) {
        var names = new HashSet<String>();
        var taken = new HashSet<String>();
        for (int i = 0; i < devices.size(); i++) {
            var at = Problems.at(path, i);
            var name = devices.get(i).path("name").asText("");
            var place = devices.get(i).path("devicePath").asText("");
            checkDeviceName(at + ".name", name, volumes, names, problems);
            if (place.isEmpty()) {
                problems.required(at + ".devicePath", "");
            }
            if (!taken.add(place)) {
                problems.invalid(at + ".devicePath", place, "must be unique");
            }
            if (FileRules.hasBacksteps(place)) {
                problems.invalid(at + ".devicePath", place, "can not contain backsteps ('..')");
            }
            if (mounts.containsKey(name)) {
                problems.invalid(at + ".name", name, "must not already exist in volumeMounts");
            }
            if (mounts.containsValue(place)) {
                problems.invalid(at + ".devicePath", place, "must not already exist as a path in volumeMounts");
            }
        }
    }

    private static void checkDeviceName(
            String path, String name, Map<String, JsonNode> volumes, HashSet<String> names, Problems problems) {
        if (name.isEmpty()) {
            problems.required(path, "");
        } else if (!names.add(name)) {
            problems.invalid(path, name, "must be unique");
        }
        var volume = volumes.get(name);
        if (volume == null) {
            problems.notFound(path, name);
        } else if (!volume.has("persistentVolumeClaim") && !volume.has("ephemeral")) {
            problems.invalid(
                    path, name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
        }
    }
}
