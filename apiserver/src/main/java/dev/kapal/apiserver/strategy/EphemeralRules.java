package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Containers that are added to a running pod to look at it: they have no say in its life. Source: core/v1 API
/// reference,
/// EphemeralContainer.
final class EphemeralRules {
    private static final Set<String> ALLOWED = Set.of(
            "name",
            "image",
            "command",
            "args",
            "workingDir",
            "envFrom",
            "env",
            "volumeMounts",
            "volumeDevices",
            "terminationMessagePath",
            "terminationMessagePolicy",
            "imagePullPolicy",
            "securityContext",
            "stdin",
            "stdinOnce",
            "tty",
            "targetContainerName");

    private EphemeralRules() {}

    static void check(String path, JsonNode spec, Problems problems) {
        var names = names(spec);
        var volumes = new HashSet<String>();
        spec.path("volumes").forEach(volume -> volumes.add(volume.path("name").asText("")));
        var containers = spec.path("ephemeralContainers");
        var own = new HashSet<String>();
        for (int i = 0; i < containers.size(); i++) {
            var at = Problems.at(path, i);
            var container = containers.get(i);
            var name = container.path("name").asText("");
            if (name.isEmpty()) {
                problems.required(at + ".name", "");
            } else {
                problems.invalid(at + ".name", name, Names.dns1123Label(name));
                if (names.containsKey(name) || !own.add(name)) {
                    problems.duplicate(at + ".name", name);
                }
            }
            checkImage(at + ".image", container.path("image").asText(""), problems);
            var target = container.path("targetContainerName").asText("");
            if (!target.isEmpty() && !names.containsKey(target)) {
                problems.notFound(at + ".targetContainerName", target);
            }
            checkFields(at, container, problems);
            MountRules.check(at, container, volumes, problems);
            checkSubPaths(at + ".volumeMounts", container.path("volumeMounts"), problems);
            SecurityRules.checkContainer(at, container, spec, problems);
        }
    }

    private static Map<String, String> names(JsonNode spec) {
        var names = new HashMap<String, String>();
        for (var list : List.of("containers", "initContainers")) {
            spec.path(list)
                    .forEach(container -> names.put(container.path("name").asText(""), list));
        }
        return names;
    }

    private static void checkImage(String path, String image, Problems problems) {
        if (image.isEmpty()) {
            problems.required(path, "");
        } else if (!image.strip().equals(image)) {
            problems.invalid(path, image, "must not have leading or trailing whitespace");
        }
    }

    private static void checkFields(String path, JsonNode container, Problems problems) {
        for (var field : container.properties()) {
            boolean unset =
                    field.getValue().isContainerNode() && field.getValue().isEmpty();
            if (!ALLOWED.contains(field.getKey()) && !unset) {
                problems.forbidden(path + "." + field.getKey(), "cannot be set for an Ephemeral Container");
            }
        }
    }

    private static void checkSubPaths(String path, JsonNode mounts, Problems problems) {
        for (int i = 0; i < mounts.size(); i++) {
            for (var field : List.of("subPath", "subPathExpr")) {
                if (!mounts.get(i).path(field).asText("").isEmpty()) {
                    problems.forbidden(Problems.at(path, i) + "." + field, "cannot be set for an Ephemeral Container");
                }
            }
        }
    }
}
