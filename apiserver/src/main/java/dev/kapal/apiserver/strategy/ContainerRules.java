package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;

/// What one container may ask for, of whatever kind it is. Source: core/v1 API reference, Container.
final class ContainerRules {
    private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> MESSAGE_POLICIES = List.of("File", "FallbackToLogsOnError");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final List<String> RESIZABLE = List.of("cpu", "memory");
    private static final List<String> RESIZES = List.of("NotRequired", "RestartContainer");

    private ContainerRules() {}

    static void check(String path, JsonNode container, PodContext pod, Problems problems) {
        var name = container.path("name").asText("");
        if (name.isEmpty()) {
            problems.required(path + ".name", "");
        } else {
            problems.invalid(path + ".name", name, Names.dns1123Label(name));
        }
        if (container.path("image").asText("").isEmpty()) {
            problems.required(path + ".image", "");
        }
        problems.oneOf(
                path + ".terminationMessagePolicy",
                container.path("terminationMessagePolicy").asText(""),
                MESSAGE_POLICIES);
        checkPorts(path + ".ports", container.path("ports"), problems);
        EnvironmentRules.check(path, container, problems);
        MountRules.check(path, container, pod.volumes(), problems);
        problems.oneOf(
                path + ".imagePullPolicy", container.path("imagePullPolicy").asText(""), PULL_POLICIES);
        RequirementRules.check(path + ".resources", container.path("resources"), pod.claims(), problems);
        checkResize(path + ".resizePolicy", container.path("resizePolicy"), pod.restartPolicy(), problems);
        SecurityRules.checkContainer(path, container, pod.usesHostUsers(), problems);
    }

    /// Templates may have spaces around the image; pods may not.
    static void checkImageText(String path, JsonNode container, Problems problems) {
        var image = container.path("image").asText("");
        if (!image.strip().equals(image)) {
            problems.invalid(path + ".image", image, "must not have leading or trailing whitespace");
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

    private static void checkResize(String path, JsonNode policies, String podPolicy, Problems problems) {
        var seen = new HashSet<String>();
        for (int i = 0; i < policies.size(); i++) {
            var resource = policies.get(i).path("resourceName").asText("");
            if (!seen.add(resource)) {
                problems.duplicate(Problems.at(path, i), resource);
            }
            problems.oneOf(path, resource, RESIZABLE);
            var restart = policies.get(i).path("restartPolicy").asText("");
            problems.oneOf(path, restart, RESIZES);
            if (podPolicy.equals("Never") && !restart.equals("NotRequired")) {
                problems.invalid(path, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'");
            }
        }
    }
}
