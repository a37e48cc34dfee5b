package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// How one container mounts its pod's volumes. Source: core/v1 API reference, VolumeMount and VolumeDevice.
final class MountRules {
    private static final List<String> PROPAGATIONS = List.of("Bidirectional", "HostToContainer", "None");
    private static final List<String> RECURSIVE = List.of("Disabled", "Enabled", "IfPossible");

    private MountRules() {}

    /// @param volumes the names that a mount may use
    static void check(String path, JsonNode container, Set<String> volumes, Problems problems) {
        var places = new HashSet<String>();
        var mounts = container.path("volumeMounts");
        for (int i = 0; i < mounts.size(); i++) {
            var at = Problems.at(path + ".volumeMounts", i);
            var mount = mounts.get(i);
            checkName(at, mount, volumes, problems);
            var place = mount.path("mountPath").asText("");
            if (place.isEmpty()) {
                problems.required(at + ".mountPath", "");
            } else if (!places.add(place)) {
                problems.invalid(at + ".mountPath", place, "must be unique");
            }
            checkSubPaths(at, mount, problems);
            checkModes(at, mount, container, problems);
        }
        checkDevices(path + ".volumeDevices", container.path("volumeDevices"), volumes, places, problems);
    }

    private static void checkName(String path, JsonNode mount, Set<String> volumes, Problems problems) {
        var name = mount.path("name").asText("");
        if (name.isEmpty()) {
            problems.required(path + ".name", "");
        } else if (!volumes.contains(name)) {
            problems.notFound(path + ".name", name);
        }
    }

    private static void checkSubPaths(String path, JsonNode mount, Problems problems) {
        var sub = mount.path("subPath").asText("");
        var expression = mount.path("subPathExpr").asText("");
        if (!sub.isEmpty()) {
            VolumeRules.checkDescending(path + ".subPath", sub, problems);
        }
        if (!expression.isEmpty()) {
            if (!sub.isEmpty()) {
                problems.invalid(path + ".subPathExpr", expression, "subPathExpr and subPath are mutually exclusive");
            }
            VolumeRules.checkDescending(path + ".subPathExpr", expression, problems);
        }
    }

    private static void checkModes(String path, JsonNode mount, JsonNode container, Problems problems) {
        if (mount.has("mountPropagation")) {
            var propagation = mount.get("mountPropagation").asText();
            boolean privileged =
                    container.path("securityContext").path("privileged").asBoolean(false);
            if (!PROPAGATIONS.contains(propagation)) {
                problems.notSupported(path + ".mountPropagation", propagation, PROPAGATIONS);
            } else if (propagation.equals("Bidirectional") && !privileged) {
                problems.forbidden(
                        path + ".mountPropagation",
                        "Bidirectional mount propagation is available only to privileged containers");
            }
        }
        if (mount.has("recursiveReadOnly")) {
            var recursive = mount.get("recursiveReadOnly").asText();
            if (!RECURSIVE.contains(recursive)) {
                problems.notSupported(path + ".recursiveReadOnly", recursive, RECURSIVE);
            } else if (!recursive.equals("Disabled") && !mount.path("readOnly").asBoolean(false)) {
                problems.forbidden(path + ".recursiveReadOnly", "may only be specified when readOnly is true");
            }
        }
    }

    private static void checkDevices(
            String path, JsonNode devices, Set<String> volumes, Set<String> places, Problems problems) {
        for (int i = 0; i < devices.size(); i++) {
            var at = Problems.at(path, i);
            checkName(at, devices.get(i), volumes, problems);
            var place = devices.get(i).path("devicePath").asText("");
            if (place.isEmpty()) {
                problems.required(at + ".devicePath", "");
            } else {
                if (!places.add(place)) {
                    problems.invalid(at + ".devicePath", place, "must be unique");
                }
                for (var part : place.split("/")) {
                    if (part.equals("..")) {
                        problems.invalid(at + ".devicePath", place, "can not contain backsteps ('..')");
                    }
                }
            }
        }
    }
}
