package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.function.BiConsumer;

/// The containers of a pod together: names, ports of the node, and what only some kinds of them may have.
final class ContainerLists {
    static final List<String> ALL = List.of("initContainers", "containers", "ephemeralContainers");
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");
    private static final String SIDECARS_ONLY = "may not be set for init containers without restartPolicy=Always";

    private ContainerLists() {}

    /// Every container with its path, in upstream's order.
    ///
    /// @param path of the specification
    static void visit(String path, JsonNode spec, BiConsumer<String, JsonNode> visitor) {
        for (var list : ALL) {
            for (int i = 0; i < spec.path(list).size(); i++) {
                visitor.accept(
                        Problems.at(path + "." + list, i), spec.path(list).get(i));
            }
        }
    }

    static void check(String path, PodContext pod, Problems problems) {
        checkContainers(path + ".containers", pod, problems);
        checkInitContainers(path + ".initContainers", pod, problems);
        EphemeralRules.check(path + ".ephemeralContainers", pod, problems);
    }

    private static void checkContainers(String path, PodContext pod, Problems problems) {
        var containers = pod.spec().path("containers");
        if (containers.isEmpty()) {
            problems.required(path, "");
        }
        var names = new HashSet<String>();
        for (int i = 0; i < containers.size(); i++) {
            var at = Problems.at(path, i);
            var container = containers.get(i);
            ContainerRules.check(at, container, pod, problems);
            if (!names.add(container.path("name").asText(""))) {
                problems.duplicate(at + ".name", container.path("name").asText(""));
            }
            checkLife(at, container, pod, problems);
            if (container.has("restartPolicy")) {
                problems.forbidden(at + ".restartPolicy", "may not be set for non-init containers");
            }
        }
        checkHostPorts(path, containers, problems);
    }

    /// They run one by one, so that each may take the ports of another; some never end and live as others do.
    private static void checkInitContainers(String path, PodContext pod, Problems problems) {
        var names = new HashSet<String>();
        pod.spec().path("containers").forEach(c -> names.add(c.path("name").asText("")));
        var containers = pod.spec().path("initContainers");
        for (int i = 0; i < containers.size(); i++) {
            var at = Problems.at(path, i);
            var container = containers.get(i);
            ContainerRules.check(at, container, pod, problems);
            var policy = container.path("restartPolicy").asText("");
            if (container.has("restartPolicy") && !policy.equals("Always")) {
                problems.notSupported(at + ".restartPolicy", policy, List.of("Always"));
            }
            var name = container.path("name").asText("");
            if (!names.add(name) && !name.isEmpty()) {
                problems.duplicate(at + ".name", name);
            }
            checkHostPorts(path, alone(container), problems);
            if (policy.equals("Always")) {
                checkLife(at, container, pod, problems);
            } else {
                refuseLife(at, container, problems);
            }
        }
    }

    private static ArrayNode alone(JsonNode container) {
        return ((ObjectNode) container).arrayNode().add(container);
    }

    private static void checkLife(String path, JsonNode container, PodContext pod, Problems problems) {
        for (var hook : List.of("postStart", "preStop")) {
            if (container.path("lifecycle").has(hook)) {
                ProbeRules.checkHook(
                        path + ".lifecycle." + hook, container.get("lifecycle").get(hook), pod.grace(), problems);
            }
        }
        for (var probe : PROBES) {
            if (container.has(probe)) {
                ProbeRules.checkProbe(path + "." + probe, container.get(probe), probe, problems);
            }
        }
    }

    private static void refuseLife(String path, JsonNode container, Problems problems) {
        if (container.has("lifecycle")) {
            problems.forbidden(path + ".lifecycle", SIDECARS_ONLY);
        }
        for (var probe : PROBES) {
            if (container.has(probe)) {
                problems.forbidden(path + "." + probe, SIDECARS_ONLY);
            }
        }
    }

    /// Two containers of a pod do not share a port of the node.
    private static void checkHostPorts(String path, JsonNode containers, Problems problems) {
        var taken = new HashSet<String>();
        for (int i = 0; i < containers.size(); i++) {
            var ports = containers.get(i).path("ports");
            for (int j = 0; j < ports.size(); j++) {
                var port = ports.get(j);
                int number = port.path("hostPort").asInt(0);
                var name = port.path("protocol").asText("") + "/"
                        + port.path("hostIP").asText("") + "/" + number;
                if (number != 0 && !taken.add(name)) {
                    problems.duplicate(Problems.at(Problems.at(path, i) + ".ports", j) + ".hostPort", name);
                }
            }
        }
    }
}
