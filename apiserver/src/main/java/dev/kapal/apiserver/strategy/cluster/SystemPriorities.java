package dev.kapal.apiserver.strategy.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.List;
import java.util.Optional;

/// The two priority classes that every cluster has, above all that users can define. Source: Kubernetes documentation,
/// critical pods.
public final class SystemPriorities {
    private static final List<SystemClass> ALL = List.of(
            new SystemClass(
                    "system-node-critical",
                    2_000_001_000,
                    "Used for system critical pods that must not be moved from their current node."),
            new SystemClass(
                    "system-cluster-critical",
                    2_000_000_000,
                    "Used for system critical pods that must run in the cluster, but can be moved to another node if"
                            + " necessary."));

    private SystemPriorities() {}

    /// One of them.
    record SystemClass(String name, int value, String description) {

        /// Why another class of this name is refused; empty when it is this one.
        String difference(ObjectNode priority) {
            if (priority.path("value").asInt(0) != value) {
                return "value of " + name + " PriorityClass must be " + value;
            }
            return priority.path("globalDefault").asBoolean(false)
                    ? "globalDefault of " + name + " PriorityClass must be false"
                    : "";
        }

        ObjectNode document() {
            var object = Documents.object();
            object.put("apiVersion", "scheduling.k8s.io/v1").put("kind", "PriorityClass");
            object.putObject("metadata").put("name", name);
            return object.put("value", value).put("description", description);
        }
    }

    static Optional<SystemClass> find(String name) {
        return ALL.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /// What a cluster is to be created with.
    public static List<ObjectNode> documents() {
        return ALL.stream().map(SystemClass::document).toList();
    }
}
