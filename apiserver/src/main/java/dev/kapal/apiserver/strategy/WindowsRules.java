package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.Optional;
import java.util.regex.Pattern;

/// What only pods on Windows say of their users and processes. Source: core/v1 API reference,
/// WindowsSecurityContextOptions.
final class WindowsRules {
    private static final int SPEC_KIB = 64;
    private static final int DOMAIN_LENGTH = 256;
    private static final int USER_LENGTH = 104;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern NET_BIOS = Pattern.compile("[^\\\\/:*?\"<>|.][^\\\\/:*?\"<>|]{0,14}");
    private static final String DNS_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
    private static final Pattern DNS_NAME = Pattern.compile(DNS_LABEL + "(?:\\." + DNS_LABEL + ")*");
    private static final Pattern DOTS_AND_SPACES = Pattern.compile("[. ]+");
    private static final Pattern SPECIAL = Pattern.compile("[\"/\\\\:;|=,+*?<>@\\[\\]]");

    private WindowsRules() {}

    static void checkOptions(String path, JsonNode options, Problems problems) {
        if (options.has("gmsaCredentialSpecName")) {
            var name = options.get("gmsaCredentialSpecName").asText();
            problems.invalid(path + ".gmsaCredentialSpecName", name, Names.dns1123Subdomain(name));
        }
        if (options.has("gmsaCredentialSpec")) {
            var text = options.get("gmsaCredentialSpec").asText();
            var at = path + ".gmsaCredentialSpec";
            if (text.isEmpty()) {
                problems.invalid(at, text, "gmsaCredentialSpec cannot be an empty string");
            } else if (Sizes.utf8(text) > SPEC_KIB * 1024) {
                problems.invalid(at, text, "gmsaCredentialSpec size must be under " + SPEC_KIB + " KiB");
            }
        }
        if (options.has("runAsUserName")) {
            checkUserName(path + ".runAsUserName", options.get("runAsUserName").asText(), problems);
        }
    }

    /// `DOMAIN\\user`, or the user alone.
    private static void checkUserName(String path, String name, Problems problems) {
        var parts = name.split("\\\\", -1);
        if (name.isEmpty()) {
            problems.invalid(path, name, "runAsUserName cannot be an empty string");
        } else if (CONTROL.matcher(name).find()) {
            problems.invalid(path, name, "runAsUserName cannot contain control characters");
        } else if (parts.length > 2) {
            problems.invalid(path, name, "runAsUserName cannot contain more than one backslash");
        } else {
            if (parts.length == 2) {
                checkDomain(path, name, parts[0], problems);
            }
            checkUser(path, name, parts[parts.length - 1], problems);
        }
    }

    private static void checkDomain(String path, String name, String domain, Problems problems) {
        if (domain.length() >= DOMAIN_LENGTH) {
            problems.invalid(
                    path, name, "runAsUserName's Domain length must be under " + DOMAIN_LENGTH + " characters");
        }
        if (!NET_BIOS.matcher(domain).matches() && !DNS_NAME.matcher(domain).matches()) {
            problems.invalid(path, name, "runAsUserName's Domain doesn't match the NetBios nor the DNS format");
        }
    }

    private static void checkUser(String path, String name, String user, Problems problems) {
        if (user.isEmpty()) {
            problems.invalid(path, name, "runAsUserName's User cannot be empty");
        } else if (user.length() > USER_LENGTH) {
            problems.invalid(
                    path, name, "runAsUserName's User length must not be longer than " + USER_LENGTH + " characters");
        }
        if (DOTS_AND_SPACES.matcher(user).matches()) {
            problems.invalid(path, name, "runAsUserName's User cannot contain only periods or spaces");
        }
        if (SPECIAL.matcher(user).find()) {
            problems.invalid(
                    path, name, "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
        }
    }

    /// Containers that are processes of the node: all of a pod or none, and in the node's network.
    ///
    /// @param path of the pod's specification
    static void checkHostProcesses(String path, JsonNode spec, Problems problems) {
        var ofPod = hostProcess(spec);
        int[] counts = new int[2]; // all, processes of the node
        ContainerLists.visit(path, spec, (at, container) -> {
            counts[0]++;
            var own = hostProcess(container);
            if (ofPod.isPresent() && own.isPresent() && !ofPod.equals(own)) {
                problems.invalid(
                        at + ".securityContext.windowsOptions.hostProcess",
                        own.get(),
                        "pod hostProcess value must be identical if both are specified, was " + ofPod.get());
            }
            if (own.or(() -> ofPod).orElse(false)) {
                counts[1]++;
            }
        });
        if (counts[1] == 0) {
            return;
        }
        if (counts[1] != counts[0]) {
            problems.invalid(
                    path,
                    "",
                    "If pod contains any hostProcess containers then all containers must be HostProcess containers");
        }
        if (!spec.path("hostNetwork").asBoolean()) {
            problems.invalid(
                    path + ".hostNetwork",
                    false,
                    "hostNetwork must be true if pod contains any hostProcess containers");
        }
    }

    private static Optional<Boolean> hostProcess(JsonNode holder) {
        var value = holder.path("securityContext").path("windowsOptions").path("hostProcess");
        return value.isBoolean() ? Optional.of(value.asBoolean()) : Optional.empty();
    }
}
