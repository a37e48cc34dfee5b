package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// Ports of a pod's containers that are the same, or may be.
final class PortWarnings {
    private final Map<String, List<Port>> byNumber = new HashMap<>();
    private final Map<String, String> byName = new HashMap<>();
    private final List<String> warnings;

    private PortWarnings(List<String> warnings) {
        this.warnings = warnings;
    }

    /// One of them, and where it stands.
    private record Port(String path, String hostIp, int hostPort) {}

    /// @param path of the pod's specification
    static void of(String path, JsonNode spec, List<String> warnings) {
        var all = new PortWarnings(warnings);
        visit(path, spec, all::look);
        visit(path, spec, all::lookAtName);
    }

    private static void visit(String path, JsonNode spec, BiConsumer<String, JsonNode> visitor) {
        ContainerLists.visit(path, spec, (at, container) -> {
            var ports = container.path("ports");
            for (int i = 0; i < ports.size(); i++) {
                visitor.accept(Problems.at(at + ".ports", i), ports.get(i));
            }
        });
    }

    /// Within one container two ports of one name are refused.
    private void lookAtName(String path, JsonNode port) {
        var name = port.path("name").asText("");
        var other = name.isEmpty() ? null : byName.putIfAbsent(name, path);
        if (other != null) {
            warnings.add(path + ": duplicate port name \"" + name + "\" with " + other
                    + ", services and probes that select ports by name will use " + other);
        }
    }

    private void look(String path, JsonNode port) {
        var one = new Port(
                path, port.path("hostIP").asText(""), port.path("hostPort").asInt(0));
        int number = port.path("containerPort").asInt();
        var protocol = port.path("protocol").asText("");
        if (!one.hostIp.isEmpty() && one.hostPort == 0) {
            warnings.add(path + ": hostIP set without hostPort: {Name:"
                    + port.path("name").asText("") + " HostPort:0 ContainerPort:" + number + " Protocol:" + protocol
                    + " HostIP:" + one.hostIp + "}");
        }
        var others = byNumber.computeIfAbsent(number + "/" + protocol, _ -> new ArrayList<>());
        others.forEach(other -> compare(one, other));
        others.add(one);
    }

    private void compare(Port one, Port other) {
        if (one.hostIp.equals(other.hostIp) && one.hostPort == other.hostPort) {
            warnings.add(one.path + ": duplicate port definition with " + other.path);
        } else if (one.hostPort == 0 || other.hostPort == 0) {
            warnings.add(one.path + ": overlapping port definition with " + other.path);
        } else if (one.hostPort == other.hostPort && one.hostIp.isEmpty() != other.hostIp.isEmpty()) {
            warnings.add(one.path + ": dangerously ambiguous port definition with " + other.path);
        }
    }
}
