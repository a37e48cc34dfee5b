package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// A pod that says which operating system it is for says nothing that only the other one knows. Source: core/v1 API
/// reference, PodOS.
final class SystemRules {
    private static final List<String> SYSTEMS = List.of("linux", "windows");
    private static final String NOT_ON_LINUX = "windows options cannot be set for a linux pod";
    private static final String NOT_ON_WINDOWS = "cannot be set for a windows pod";
    /// Of a pod; those with a dot are below its security context.
    private static final List<String> LINUX_POD = List.of(
            ".appArmorProfile",
            ".seLinuxOptions",
            "hostUsers",
            "hostPID",
            "hostIPC",
            ".seccompProfile",
            ".fsGroup",
            ".fsGroupChangePolicy",
            ".sysctls",
            "shareProcessNamespace",
            ".runAsUser",
            ".runAsGroup",
            ".supplementalGroups",
            ".supplementalGroupsPolicy",
            ".seLinuxChangePolicy");
    private static final List<String> LINUX_CONTAINER = List.of(
            "appArmorProfile",
            "seLinuxOptions",
            "seccompProfile",
            "capabilities",
            "readOnlyRootFilesystem",
            "privileged",
            "allowPrivilegeEscalation",
            "procMount",
            "runAsUser",
            "runAsGroup");

    private SystemRules() {}

    /// @param path of the pod's specification
    static void check(String path, JsonNode spec, Problems problems) {
        var system = spec.path("os").path("name").asText("");
        if (!spec.has("os")) {
            return;
        }
        switch (system) {
            case "" -> problems.required(path + ".os.name", "cannot be empty");
            case "linux" -> checkLinux(path, spec, problems);
            case "windows" -> checkWindows(path, spec, problems);
            default -> problems.notSupported(path + ".os", system, SYSTEMS);
        }
    }

    private static void checkLinux(String path, JsonNode spec, Problems problems) {
        forbidWindowsOptions(path, spec, problems);
        ContainerLists.visit(path, spec, (at, container) -> forbidWindowsOptions(at, container, problems));
    }

    private static void forbidWindowsOptions(String path, JsonNode holder, Problems problems) {
        if (holder.path("securityContext").has("windowsOptions")) {
            problems.forbidden(path + ".securityContext.windowsOptions", NOT_ON_LINUX);
        }
    }

    private static void checkWindows(String path, JsonNode spec, Problems problems) {
        var security = spec.path("securityContext");
        for (var field : LINUX_POD) {
            boolean below = field.startsWith(".");
            var value = below ? security.path(field.substring(1)) : spec.path(field);
            if (isSet(value)) {
                problems.forbidden(path + (below ? ".securityContext" : ".") + field, NOT_ON_WINDOWS);
            }
        }
        ContainerLists.visit(path, spec, (at, container) -> {
            for (var field : LINUX_CONTAINER) {
                if (container.path("securityContext").has(field)) {
                    problems.forbidden(at + ".securityContext." + field, NOT_ON_WINDOWS);
                }
            }
        });
    }

    private static boolean isSet(JsonNode value) {
        return !value.isMissingNode() && !(value.isArray() && value.isEmpty());
    }
}
