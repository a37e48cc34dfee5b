package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/// Security contexts of pods and containers. Source: core/v1 API reference, PodSecurityContext and SecurityContext.
final class SecurityRules {
    private static final List<String> PROFILES = List.of("Localhost", "RuntimeDefault", "Unconfined");
    private static final List<String> CHANGE_POLICIES = List.of("Always", "OnRootMismatch");
    private static final List<String> GROUP_POLICIES = List.of("Merge", "Strict");
    private static final List<String> PROC_MOUNTS = List.of("Default", "Unmasked");
    private static final String SYSCTL_FORM = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
    private static final Pattern SYSCTL = Pattern.compile(SYSCTL_FORM);
    private static final int SYSCTL_LENGTH = 253;

    private SecurityRules() {}

    /// @param path of the pod's specification
    static void checkPod(String path, JsonNode spec, Problems problems) {
        var security = spec.path("securityContext");
        var at = path + ".securityContext";
        for (var field : List.of("runAsUser", "runAsGroup", "fsGroup")) {
            PodRules.checkId(at + "." + field, security.path(field), problems);
        }
        var groups = security.path("supplementalGroups");
        for (int i = 0; i < groups.size(); i++) {
            PodRules.checkId(Problems.at(at + ".supplementalGroups", i), groups.get(i), problems);
        }
        if (spec.path("shareProcessNamespace").asBoolean(false)
                && spec.path("hostPID").asBoolean(false)) {
            problems.invalid(
                    path + ".shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled");
        }
        checkSysctls(at + ".sysctls", spec, security.path("sysctls"), problems);
        oneOf(at + ".fsGroupChangePolicy", security.path("fsGroupChangePolicy"), CHANGE_POLICIES, problems);
        oneOf(at + ".supplementalGroupsPolicy", security.path("supplementalGroupsPolicy"), GROUP_POLICIES, problems);
        checkProfiles(at, security, problems);
        if (spec.has("hostUsers") && !spec.get("hostUsers").asBoolean()) {
            for (var field : List.of("hostNetwork", "hostPID", "hostIPC")) {
                if (spec.path(field).asBoolean(false)) {
                    problems.forbidden(path + "." + field, "when `hostUsers` is false");
                }
            }
        }
    }

    private static void oneOf(String path, JsonNode value, List<String> supported, Problems problems) {
        if (!value.isMissingNode() && !supported.contains(value.asText())) {
            problems.notSupported(path, value.asText(), supported);
        }
    }

    private static void checkSysctls(String path, JsonNode spec, JsonNode sysctls, Problems problems) {
        var names = new HashSet<String>();
        for (int i = 0; i < sysctls.size(); i++) {
            var at = Problems.at(path, i) + ".name";
            var name = sysctls.get(i).path("name").asText("");
            if (name.isEmpty()) {
                problems.required(at, "");
            } else if (name.length() > SYSCTL_LENGTH || !SYSCTL.matcher(name).matches()) {
                problems.invalid(
                        at, name, "must have at most " + SYSCTL_LENGTH + " characters and match regex " + SYSCTL_FORM);
            } else if (!names.add(name)) {
                problems.duplicate(at, name);
            }
            if (spec.path("hostNetwork").asBoolean(false) && name.startsWith("net.")) {
                problems.invalid(at, name, "may not be specified when 'hostNetwork' is true");
            }
        }
    }

    private static void checkProfiles(String path, JsonNode security, Problems problems) {
        if (security.has("seccompProfile")) {
            checkProfile(path + ".seccompProfile", "seccomp", security.get("seccompProfile"), problems);
        }
        if (security.has("appArmorProfile")) {
            checkProfile(path + ".appArmorProfile", "AppArmor", security.get("appArmorProfile"), problems);
        }
    }

    private static void checkProfile(String path, String kind, JsonNode profile, Problems problems) {
        var type = profile.path("type").asText("");
        var local = profile.path("localhostProfile").asText("");
        if (type.equals("Localhost")) {
            if (local.isEmpty()) {
                problems.required(path + ".localhostProfile", "must be set when " + kind + " type is Localhost");
            } else if (kind.equals("seccomp")) {
                VolumeRules.checkDescending(path + ".localhostProfile", local, problems);
            }
        } else if (profile.has("localhostProfile")) {
            problems.invalid(path + ".localhostProfile", local, "can only be set when " + kind + " type is Localhost");
        }
        if (type.isEmpty()) {
            var field = kind.equals("seccomp") ? "seccompProfile" : "appArmorProfile";
            problems.required(path + ".type", "type is required when " + field + " is set");
        } else if (!PROFILES.contains(type)) {
            problems.notSupported(path + ".type", type, PROFILES);
        }
    }

    /// @param spec of the pod around the container
    static void checkContainer(String path, JsonNode container, JsonNode spec, Problems problems) {
        if (!container.has("securityContext")) {
            return;
        }
        var security = container.get("securityContext");
        var at = path + ".securityContext";
        PodRules.checkId(at + ".runAsUser", security.path("runAsUser"), problems);
        PodRules.checkId(at + ".runAsGroup", security.path("runAsGroup"), problems);
        oneOf(at + ".procMount", security.path("procMount"), PROC_MOUNTS, problems);
        if (security.path("procMount").asText("").equals("Unmasked")
                && spec.path("hostUsers").asBoolean(true)) {
            problems.invalid(at + ".procMount", "Unmasked", "`hostUsers` must be false to use `Unmasked`");
        }
        checkProfiles(at, security, problems);
        if (security.has("allowPrivilegeEscalation")
                && !security.get("allowPrivilegeEscalation").asBoolean()) {
            checkNoEscalation(at, security, problems);
        }
    }

    private static void checkNoEscalation(String path, JsonNode security, Problems problems) {
        if (security.path("privileged").asBoolean(false)) {
            problems.invalid(path, security, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        }
        for (var capability : security.path("capabilities").path("add")) {
            if (capability.asText().equals("CAP_SYS_ADMIN")) {
                problems.invalid(
                        path,
                        security,
                        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
            }
        }
    }
}
