package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Containers that are added to a running pod to look at it: they have no say in its life. Source: core/v1 API
/// reference, EphemeralContainer.
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
    private static final String FORBIDDEN = "cannot be set for an Ephemeral Container";

    private EphemeralRules() {}

    static void check(String path, PodContext pod, Problems problems) {
        var others = new HashSet<String>();
        for (var list : List.of("containers", "initContainers")) {
            pod.spec().path(list).forEach(c -> others.add(c.path("name").asText("")));
        }
        var names = new HashSet<>(others);
        var containers = pod.spec().path("ephemeralContainers");
        for (int i = 0; i < containers.size(); i++) {
            var at = Problems.at(path, i);
            var container = containers.get(i);
            ContainerRules.check(at, container, pod, problems);
            ContainerRules.checkImageText(at, container, problems);
            if (!names.add(container.path("name").asText(""))) {
                problems.duplicate(at + ".name", container.path("name").asText(""));
            }
            var target = container.path("targetContainerName").asText("");
            if (!target.isEmpty() && !others.contains(target)) {
                problems.notFound(at + ".targetContainerName", target);
            }
            checkFields(at, container, problems);
            checkSubPaths(at + ".volumeMounts", container.path("volumeMounts"), problems);
        }
    }

    private static void checkFields(String path, JsonNode container, Problems problems) {
        for (var field : container.properties()) {
            boolean unset =
                    field.getValue().isContainerNode() && field.getValue().isEmpty();
            if (!ALLOWED.contains(field.getKey()) && !unset) {
                problems.forbidden(path + "." + field.getKey(), FORBIDDEN);
            }
        }
    }

    private static void checkSubPaths(String path, JsonNode mounts, Problems problems) {
        for (int i = 0; i < mounts.size(); i++) {
            for (var field : List.of("subPath", "subPathExpr")) {
                if (!mounts.get(i).path(field).asText("").isEmpty()) {
                    problems.forbidden(Problems.at(path, i) + "." + field, FORBIDDEN);
                }
            }
        }
    }
}
