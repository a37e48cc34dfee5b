package dev.kapal.apiserver.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The restricted level, beyond the baseline: what current practice of hardening asks of a pod.
final class RestrictedChecks {
    private static final Set<String> ADDABLE = Set.of("NET_BIND_SERVICE");
    private static final List<String> VOLUMES = List.of(
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");

    private RestrictedChecks() {}

    private static JsonNode security(JsonNode container) {
        return container.path("securityContext");
    }

    static Optional<Violation> allowPrivilegeEscalation(PodView pod) {
        var containers = pod.containers(container ->
                security(container).path("allowPrivilegeEscalation").asBoolean(true));
        return containers.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation(
                        "allowPrivilegeEscalation != false",
                        Words.containers(containers) + " must set securityContext.allowPrivilegeEscalation=false"));
    }

    static Optional<Violation> capabilities(PodView pod) {
        var keeping = pod.containers(container -> !dropsAll(container));
        var details = new ArrayList<String>();
        if (!keeping.isEmpty()) {
            details.add(Words.containers(keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
        }
        BaselineChecks.capabilities(pod, ADDABLE).ifPresent(details::add);
        return details.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation("unrestricted capabilities", String.join("; ", details)));
    }

    private static boolean dropsAll(JsonNode container) {
        for (var dropped : security(container).path("capabilities").path("drop")) {
            if (dropped.asText().equals("ALL")) {
                return true;
            }
        }
        return false;
    }

    static Optional<Violation> volumes(PodView pod) {
        var volumes = new ArrayList<String>();
        var types = new TreeSet<String>();
        for (var volume : pod.spec().path("volumes")) {
            if (VOLUMES.stream().noneMatch(volume::has)) {
                volumes.add(volume.path("name").asText());
                types.add(type(volume));
            }
        }
        return volumes.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation(
                        "restricted volume types",
                        Words.number("volume", volumes) + " " + Words.quoted(volumes)
                                + (volumes.size() == 1 ? " uses " : " use ")
                                + Words.number("restricted volume type", types) + " " + Words.quoted(types)));
    }

    private static String type(JsonNode volume) {
        return volume.properties().stream()
                .map(Map.Entry::getKey)
                .filter(field -> !field.equals("name"))
                .findFirst()
                .orElse("unknown");
    }

    static Optional<Violation> runAsNonRoot(PodView pod) {
        var ofPod = pod.security().path("runAsNonRoot");
        boolean wrongPod = ofPod.isBoolean() && !ofPod.asBoolean();
        var wrong = pod.containers(container -> {
            var own = security(container).path("runAsNonRoot");
            return own.isBoolean() && !own.asBoolean();
        });
        if (wrongPod || !wrong.isEmpty()) {
            return Optional.of(new Violation(
                    "runAsNonRoot != true",
                    PodView.setters(wrongPod, wrong) + " must not set securityContext.runAsNonRoot=false"));
        }
        var silent = ofPod.asBoolean()
                ? List.<String>of()
                : pod.containers(
                        container -> !security(container).path("runAsNonRoot").isBoolean());
        return silent.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation(
                        "runAsNonRoot != true",
                        "pod or " + Words.containers(silent) + " must set securityContext.runAsNonRoot=true"));
    }

    static Optional<Violation> runAsUser(PodView pod) {
        boolean wrongPod = isRoot(pod.security());
        var containers = pod.containers(container -> isRoot(security(container)));
        return wrongPod || !containers.isEmpty()
                ? Optional.of(new Violation(
                        "runAsUser=0", PodView.setters(wrongPod, containers) + " must not set runAsUser=0"))
                : Optional.empty();
    }

    private static boolean isRoot(JsonNode context) {
        return context.path("runAsUser").isNumber() && context.path("runAsUser").asLong() == 0;
    }

    static Optional<Violation> seccomp(PodView pod) {
        var explicit = BaselineChecks.seccompSet(pod);
        if (explicit.isPresent()) {
            return Optional.of(new Violation("seccompProfile", explicit.get()));
        }
        if (pod.security().path("seccompProfile").isObject()) {
            return Optional.empty();
        }
        var silent = pod.containers(
                container -> !security(container).path("seccompProfile").isObject());
        return silent.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation(
                        "seccompProfile",
                        "pod or " + Words.containers(silent)
                                + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
                                + " \"Localhost\""));
    }
}
