package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Security contexts of pods and containers. Source: core/v1 API reference, PodSecurityContext and SecurityContext.
final class SecurityRules {
    private static final List<String> PROFILES = List.of("Localhost", "RuntimeDefault", "Unconfined");
    private static final List<String> CHANGE_POLICIES = List.of("Always", "OnRootMismatch");
    private static final List<String> GROUP_POLICIES = List.of("Merge", "Strict");
    private static final List<String> LABEL_POLICIES = List.of("Recursive");
    private static final List<String> PROC_MOUNTS = List.of("Default", "Unmasked");
    private static final String SYSCTL_FORM = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
    private static final Pattern SYSCTL = Pattern.compile(SYSCTL_FORM.replace(")*[", ")*+["));
    private static final int SYSCTL_LENGTH = 253;
    private static final Set<String> IPC_SYSCTLS =
            Set.of("kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced");
    private static final int PROFILE_LENGTH = 4095;

    /// Of what a container is allowed, for messages.
    private static final String SHAPE = "Capabilities?{Add? Drop?} Privileged? SELinuxOptions?{User Role Type Level}"
            + " WindowsOptions?{GMSACredentialSpecName? GMSACredentialSpec? RunAsUserName? HostProcess?} RunAsUser?"
            + " RunAsGroup? RunAsNonRoot? ReadOnlyRootFilesystem? AllowPrivilegeEscalation? ProcMount?"
            + " SeccompProfile?{Type LocalhostProfile?} AppArmorProfile?{Type LocalhostProfile?}";

    private SecurityRules() {}

    /// @param path of the pod's specification
    static void checkPod(String path, JsonNode spec, Problems problems) {
        var security = spec.path("securityContext");
        var at = path + ".securityContext";
        for (var field : List.of("fsGroup", "runAsUser", "runAsGroup")) {
            checkId(at + "." + field, security.path(field), problems);
        }
        var groups = security.path("supplementalGroups");
        for (int i = 0; i < groups.size(); i++) {
            checkId(Problems.at(at + ".supplementalGroups", i), groups.get(i), problems);
        }
        if (spec.path("shareProcessNamespace").asBoolean(false)
                && spec.path("hostPID").asBoolean(false)) {
            problems.invalid(
                    at + ".shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled");
        }
        checkSysctls(at + ".sysctls", spec, security.path("sysctls"), problems);
        oneOf(at + ".fsGroupChangePolicy", security.path("fsGroupChangePolicy"), CHANGE_POLICIES, problems);
        checkSeccomp(at + ".seccompProfile", security.path("seccompProfile"), problems);
        WindowsRules.checkOptions(at + ".windowsOptions", security.path("windowsOptions"), problems);
        checkAppArmor(at + ".appArmorProfile", security.path("appArmorProfile"), problems);
        oneOf(at + ".supplementalGroupsPolicy", security.path("supplementalGroupsPolicy"), GROUP_POLICIES, problems);
        oneOf(at + ".seLinuxChangePolicy", security.path("seLinuxChangePolicy"), LABEL_POLICIES, problems);
    }

    private static void checkId(String path, JsonNode id, Problems problems) {
        if (!id.isMissingNode() && (id.asLong() < 0 || id.asLong() > Integer.MAX_VALUE)) {
            problems.invalid(path, id.asLong(), "must be between 0 and 2147483647, inclusive");
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
            var dotted = name.replace('/', '.');
            if (spec.path("hostNetwork").asBoolean(false) && dotted.startsWith("net.")) {
                problems.invalid(at, name, "may not be specified when 'hostNetwork' is true");
            } else if (spec.path("hostIPC").asBoolean(false)
                    && (IPC_SYSCTLS.contains(dotted)
                            || dotted.startsWith("kernel.msg")
                            || dotted.startsWith("fs.mqueue."))) {
                problems.invalid(at, name, "may not be specified when 'hostIPC' is true");
            }
        }
    }

    private static void checkSeccomp(String path, JsonNode profile, Problems problems) {
        if (profile.isMissingNode()) {
            return;
        }
        var type = profile.path("type").asText("");
        if (type.isEmpty()) {
            problems.required(path + ".type", "type is required when seccompProfile is set");
        } else if (!PROFILES.contains(type)) {
            problems.notSupported(path + ".type", type, PROFILES);
        }
        var at = path + ".localhostProfile";
        if (!type.equals("Localhost")) {
            if (profile.has("localhostProfile")) {
                problems.invalid(
                        at,
                        GoStruct.of(profile, "Type", "LocalhostProfile?"),
                        "can only be set when seccomp type is Localhost");
            }
        } else if (profile.has("localhostProfile")) {
            FileRules.checkDescending(at, profile.get("localhostProfile").asText(), problems);
        } else {
            problems.required(at, "must be set when seccomp type is Localhost");
        }
    }

    static void checkAppArmor(String path, JsonNode profile, Problems problems) {
        if (profile.isMissingNode()) {
            return;
        }
        var at = path + ".localhostProfile";
        var local = profile.path("localhostProfile").asText("");
        switch (profile.path("type").asText("")) {
            case "Localhost" -> {
                if (!local.strip().equals(local)) {
                    problems.invalid(at, local, "must not be padded with whitespace");
                } else if (local.isEmpty()) {
                    problems.required(at, "must be set when AppArmor type is Localhost");
                }
                if (local.length() > PROFILE_LENGTH) {
                    problems.tooLong(at, PROFILE_LENGTH);
                }
            }
            case "RuntimeDefault", "Unconfined" -> {
                if (profile.has("localhostProfile")) {
                    problems.invalid(at, local, "can only be set when AppArmor type is Localhost");
                }
            }
            case "" -> problems.required(path + ".type", "type is required when appArmorProfile is set");
            default -> problems.notSupported(path + ".type", profile.get("type").asText(), PROFILES);
        }
    }

    /// @param hostUsers whether users in the pod are those of the node
    static void checkContainer(String path, JsonNode container, boolean hostUsers, Problems problems) {
        if (!container.has("securityContext")) {
            return;
        }
        var security = container.get("securityContext");
        var at = path + ".securityContext";
        checkId(at + ".runAsUser", security.path("runAsUser"), problems);
        checkId(at + ".runAsGroup", security.path("runAsGroup"), problems);
        oneOf(at + ".procMount", security.path("procMount"), PROC_MOUNTS, problems);
        if (security.path("procMount").asText("").equals("Unmasked") && hostUsers) {
            problems.invalid(at + ".procMount", "Unmasked", "`hostUsers` must be false to use `Unmasked`");
        }
        checkSeccomp(at + ".seccompProfile", security.path("seccompProfile"), problems);
        if (security.has("allowPrivilegeEscalation")
                && !security.get("allowPrivilegeEscalation").asBoolean()) {
            checkNoEscalation(at, security, problems);
        }
        WindowsRules.checkOptions(at + ".windowsOptions", security.path("windowsOptions"), problems);
        checkAppArmor(at + ".appArmorProfile", security.path("appArmorProfile"), problems);
    }

    private static void checkNoEscalation(String path, JsonNode security, Problems problems) {
        if (security.path("privileged").asBoolean(false)) {
            problems.invalid(
                    path,
                    GoStruct.of(security, SHAPE),
                    "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
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
