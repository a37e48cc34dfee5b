package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What one container may ask for.
final class ContainerRules {
    private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> MESSAGE_POLICIES = List.of("FallbackToLogsOnError", "File");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final List<String> RESIZABLE = List.of("cpu", "memory");
    private static final List<String> RESIZES = List.of("NotRequired", "RestartContainer");
    private static final List<String> FIELD_PATHS = List.of(
            "metadata.annotations",
            "metadata.labels",
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");

    private ContainerRules() {}

    /// @param volumes the names that a mount may use
    static void check(String path, JsonNode container, boolean init, Set<String> volumes, Problems problems) {
        var name = container.path("name").asText("");
        if (name.isEmpty()) {
            problems.required(path + ".name", "");
        } else {
            problems.invalid(path + ".name", name, Names.dns1123Label(name));
        }
        var image = container.path("image").asText("");
        if (image.isEmpty()) {
            problems.required(path + ".image", "");
        } else if (!image.strip().equals(image)) {
            problems.invalid(path + ".image", image, "must not have leading or trailing whitespace");
        }
        problems.oneOf(
                path + ".terminationMessagePolicy",
                container.path("terminationMessagePolicy").asText(""),
                MESSAGE_POLICIES);
        problems.oneOf(
                path + ".imagePullPolicy", container.path("imagePullPolicy").asText(""), PULL_POLICIES);
        checkPorts(path + ".ports", container.path("ports"), problems);
        checkEnvironment(path, container, problems);
        MountRules.check(path, container, volumes, problems);
        checkProbes(path, container, init, problems);
        checkRestart(path + ".restartPolicy", container, init, problems);
        checkResize(path + ".resizePolicy", container.path("resizePolicy"), problems);
    }

    private static void checkProbes(String path, JsonNode container, boolean init, Problems problems) {
        boolean sidecar = container.path("restartPolicy").asText("").equals("Always");
        for (var probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (!container.has(probe)) {
                continue;
            }
            if (init && !sidecar) {
                problems.forbidden(
                        path + "." + probe, "may not be set for init containers without restartPolicy=Always");
                continue;
            }
            ProbeRules.checkProbe(path + "." + probe, container.get(probe), !probe.equals("readinessProbe"), problems);
        }
        if (container.has("lifecycle")) {
            if (init && !sidecar) {
                problems.forbidden(
                        path + ".lifecycle", "may not be set for init containers without restartPolicy=Always");
                return;
            }
            for (var hook : List.of("postStart", "preStop")) {
                if (container.get("lifecycle").has(hook)) {
                    ProbeRules.checkHandler(
                            path + ".lifecycle." + hook,
                            container.get("lifecycle").get(hook),
                            problems);
                }
            }
        }
    }

    private static void checkPorts(String path, JsonNode ports, Problems problems) {
        var names = new HashSet<String>();
        for (int i = 0; i < ports.size(); i++) {
            var at = Problems.at(path, i);
            var port = ports.get(i);
            var name = port.path("name").asText("");
            if (!name.isEmpty()) {
                var details = Names.portName(name);
                problems.invalid(at + ".name", name, details);
                if (details.isEmpty() && !names.add(name)) {
                    problems.duplicate(at + ".name", name);
                }
            }
            long number = port.path("containerPort").asLong(0);
            if (number == 0) {
                problems.required(at + ".containerPort", "");
            } else {
                problems.port(at + ".containerPort", number);
            }
            long host = port.path("hostPort").asLong(0);
            if (host != 0) {
                problems.port(at + ".hostPort", host);
            }
            problems.oneOf(at + ".protocol", port.path("protocol").asText(""), PROTOCOLS);
        }
    }

    private static void checkEnvironment(String path, JsonNode container, Problems problems) {
        var variables = container.path("env");
        for (int i = 0; i < variables.size(); i++) {
            var at = Problems.at(path + ".env", i);
            var variable = variables.get(i);
            var name = variable.path("name").asText("");
            if (name.isEmpty()) {
                problems.required(at + ".name", "");
            } else {
                problems.invalid(at + ".name", name, Names.envVarName(name));
            }
            if (variable.has("valueFrom")) {
                checkSource(at + ".valueFrom", variable, problems);
            }
        }
        var sources = container.path("envFrom");
        for (int i = 0; i < sources.size(); i++) {
            var at = Problems.at(path + ".envFrom", i);
            var source = sources.get(i);
            if (!source.has("configMapRef") && !source.has("secretRef")) {
                problems.invalid(at, "", "must specify one of: `configMapRef` or `secretRef`");
            }
            if (source.has("configMapRef") && source.has("secretRef")) {
                problems.invalid(at, "", "may not have more than one field specified at a time");
            }
        }
    }

    private static void checkSource(String path, JsonNode variable, Problems problems) {
        var source = variable.get("valueFrom");
        if (!variable.path("value").asText("").isEmpty() && !source.isEmpty()) {
            problems.invalid(path, "", "may not be specified when `value` is not empty");
        }
        if (source.isEmpty()) {
            problems.invalid(
                    path,
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or"
                            + " `fileKeyRef`");
        } else if (source.size() > 1) {
            problems.invalid(path, "", "may not have more than one field specified at a time");
        }
        if (source.has("fieldRef")) {
            checkFieldRef(path + ".fieldRef", source.get("fieldRef"), FIELD_PATHS, problems);
        }
        for (var ref : List.of("configMapKeyRef", "secretKeyRef")) {
            if (source.has(ref)) {
                checkKeyRef(path + "." + ref, source.get(ref), problems);
            }
        }
    }

    static void checkFieldRef(String path, JsonNode ref, List<String> supported, Problems problems) {
        var field = ref.path("fieldPath").asText("");
        if (field.isEmpty()) {
            problems.required(path + ".fieldPath", "");
            return;
        }
        boolean subscript = field.startsWith("metadata.labels['") || field.startsWith("metadata.annotations['");
        boolean known = subscript && field.endsWith("']")
                || supported.contains(field)
                        && !(field.equals("metadata.labels") || field.equals("metadata.annotations"))
                || supported.contains(field) && path.contains("downwardAPI");
        if (!known) {
            problems.notSupported(path + ".fieldPath", field, supported);
        }
    }

    private static void checkKeyRef(String path, JsonNode ref, Problems problems) {
        if (ref.path("key").asText("").isEmpty()) {
            problems.required(path + ".key", "");
        } else {
            problems.invalid(
                    path + ".key",
                    ref.get("key").asText(),
                    Names.configMapKey(ref.get("key").asText()));
        }
    }

    /// Only an init container says of itself when it is started again: always, which makes it a sidecar.
    private static void checkRestart(String path, JsonNode container, boolean init, Problems problems) {
        if (!container.has("restartPolicy")) {
            return;
        }
        var policy = container.get("restartPolicy").asText();
        if (!init) {
            problems.forbidden(path, "may not be set for non-init containers");
        } else if (!policy.equals("Always")) {
            problems.notSupported(path, policy, List.of("Always"));
        }
    }

    private static void checkResize(String path, JsonNode policies, Problems problems) {
        var seen = new HashSet<String>();
        for (var policy : policies) {
            var resource = policy.path("resourceName").asText("");
            if (!seen.add(resource)) {
                problems.duplicate(path, resource);
            }
            if (!RESIZABLE.contains(resource)) {
                problems.notSupported(path, resource, RESIZABLE);
            }
            var restart = policy.path("restartPolicy").asText("");
            if (restart.isEmpty()) {
                problems.required(path, "");
            } else if (!RESIZES.contains(restart)) {
                problems.notSupported(path, restart, RESIZES);
            }
        }
    }
}
