package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The annotations that seccomp's and AppArmor's profiles were named by before there were fields. Source: well-known
/// labels, annotations and taints.
final class ProfileAnnotations {
    static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
    static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    static final String SECCOMP = "container.seccomp.security.alpha.kubernetes.io/";
    private static final String LOCAL = "localhost/";
    private static final Map<String, List<String>> APP_ARMOR_NAMES =
            Map.of("Unconfined", List.of("unconfined"), "RuntimeDefault", List.of("runtime/default"));
    private static final Map<String, List<String>> SECCOMP_NAMES =
            Map.of("Unconfined", List.of("unconfined"), "RuntimeDefault", List.of("runtime/default", "docker/default"));

    private ProfileAnnotations() {}

    static void checkSeccomp(String path, JsonNode annotations, Problems problems) {
        if (annotations.has(SECCOMP_POD)) {
            checkSeccompName(
                    path + "." + SECCOMP_POD, annotations.get(SECCOMP_POD).asText(), problems);
        }
        annotations.properties().forEach(annotation -> {
            if (annotation.getKey().startsWith(SECCOMP)) {
                checkSeccompName(
                        path + "." + annotation.getKey(), annotation.getValue().asText(), problems);
            }
        });
    }

    private static void checkSeccompName(String path, String name, Problems problems) {
        if (name.startsWith(LOCAL)) {
            FileRules.checkDescending(path, name.substring(LOCAL.length()), problems);
        } else if (SECCOMP_NAMES.values().stream().noneMatch(names -> names.contains(name))) {
            problems.invalid(path, name, "must be a valid seccomp profile");
        }
    }

    /// Annotations and fields that are both there are one.
    ///
    /// @param path of the specification
    static void checkSeccompMatches(String path, JsonNode annotations, JsonNode spec, Problems problems) {
        var ofPod = spec.path("securityContext").path("seccompProfile");
        var match = new Match("seccomp", SECCOMP_NAMES, problems);
        match.check(path + ".securityContext.seccompProfile", ofPod, annotations.path(SECCOMP_POD));
        ContainerLists.visit(
                path,
                spec,
                (at, container) -> match.check(
                        at + ".securityContext.seccompProfile",
                        container.path("securityContext").path("seccompProfile"),
                        annotations.path(SECCOMP + container.path("name").asText(""))));
    }

    /// The same, for AppArmor's profiles of a new pod.
    static void checkAppArmorMatches(JsonNode pod, Problems problems) {
        var spec = pod.path("spec");
        if (isWindows(spec)) {
            return;
        }
        var ofPod = spec.path("securityContext").path("appArmorProfile");
        var annotations = pod.path("metadata").path("annotations");
        var match = new Match("apparmor", APP_ARMOR_NAMES, problems);
        ContainerLists.visit("spec", spec, (at, container) -> {
            var own = container.path("securityContext").path("appArmorProfile");
            match.check(
                    at + ".securityContext.appArmorProfile",
                    own.isMissingNode() ? ofPod : own,
                    annotations.path(APP_ARMOR + container.path("name").asText("")));
        });
    }

    /// @param names of the types in annotations
    private record Match(String what, Map<String, List<String>> names, Problems problems) {
        void check(String path, JsonNode profile, JsonNode annotation) {
            if (profile.isMissingNode() || annotation.isMissingNode()) {
                return;
            }
            var type = profile.path("type").asText("");
            var text = annotation.asText();
            boolean local = type.equals("Localhost");
            boolean other = names.containsKey(type) && !names.get(type).contains(text);
            if (other || local && !text.startsWith(LOCAL)) {
                problems.forbidden(path + ".type", what + " type in annotation and field must match");
            } else if (local
                    && !text.equals(LOCAL + profile.path("localhostProfile").asText(""))) {
                problems.forbidden(path + ".localhostProfile", what + " profile in annotation and field must match");
            }
        }
    }

    /// Sets the field of each container of a new pod that only has the annotation, or that of the whole pod says the
    /// same.
    static void fillInAppArmor(ObjectNode pod) {
        visitUnconfined(
                pod,
                (container, profile) -> profile.filter(p -> !p.equals(ofPod(pod)))
                        .ifPresent(p -> container.withObject("/securityContext").set("appArmorProfile", p)));
    }

    /// What those hear whose annotations become fields, or cannot.
    static List<String> appArmorWarnings(ObjectNode pod) {
        var warnings = new ArrayList<String>();
        visitUnconfined(pod, (container, profile) -> {
            if (!profile.map(p -> p.equals(ofPod(pod))).orElse(false)) {
                var key = APP_ARMOR + container.path("name").asText("");
                warnings.add(Problems.at("metadata.annotations", key)
                        + ": deprecated since v1.30; use the \"appArmorProfile\" field instead");
            }
        });
        return warnings;
    }

    private interface Visitor {
        void visit(ObjectNode container, Optional<ObjectNode> profile);
    }

    private static void visitUnconfined(ObjectNode pod, Visitor visitor) {
        if (isWindows(pod.path("spec"))) {
            return;
        }
        var annotations = pod.path("metadata").path("annotations");
        ContainerLists.visit("", pod.path("spec"), (_, container) -> {
            var annotation = annotations.path(APP_ARMOR + container.path("name").asText(""));
            boolean confined = container.path("securityContext").has("appArmorProfile");
            if (!annotation.isMissingNode() && !confined) {
                visitor.visit((ObjectNode) container, appArmor(annotation.asText()));
            }
        });
    }

    private static JsonNode ofPod(ObjectNode pod) {
        return pod.path("spec").path("securityContext").path("appArmorProfile");
    }

    private static boolean isWindows(JsonNode spec) {
        return spec.path("os").path("name").asText("").equals("windows");
    }

    /// The field that says the same, empty when none can.
    private static Optional<ObjectNode> appArmor(String annotation) {
        var profile = Documents.object();
        for (var type : APP_ARMOR_NAMES.entrySet()) {
            if (type.getValue().contains(annotation)) {
                return Optional.of(profile.put("type", type.getKey()));
            }
        }
        if (!annotation.startsWith(LOCAL)) {
            return Optional.empty();
        }
        profile.put("type", "Localhost").put("localhostProfile", annotation.substring(LOCAL.length()));
        var problems = new Problems();
        SecurityRules.checkAppArmor("", profile, problems);
        return problems.found().isEmpty() ? Optional.of(profile) : Optional.empty();
    }
}
