package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The fields of one feature that v1.34 knows but leaves switched off. They are dropped without a word, but not from an
/// object that had one of them before. Source: the defaults of Kubernetes' feature gates.
public final class DisabledFields {
    private static final String EACH = "[]";

    private final List<List<String>> paths;

    private DisabledFields(List<List<String>> paths) {
        this.paths = paths;
    }

    /// @param paths of the fields, as in `spec.devices[].taints`
    public static DisabledFields of(String... paths) {
        return new DisabledFields(
                Stream.of(paths).map(path -> List.of(path.split("\\."))).toList());
    }

    /// From a new object.
    public void drop(JsonNode incoming) {
        drop(incoming, MissingNode.getInstance());
    }

    /// From an update of `stored`.
    public void drop(JsonNode incoming, JsonNode stored) {
        if (!isUsedBy(stored)) {
            paths.forEach(path -> holders(path, incoming).forEach(holder -> holder.remove(path.getLast())));
        }
    }

    boolean isUsedBy(JsonNode object) {
        return paths.stream()
                .anyMatch(path -> holders(path, object).stream().anyMatch(holder -> holder.has(path.getLast())));
    }

    /// What may have the last field of the path.
    private static List<ObjectNode> holders(List<String> path, JsonNode object) {
        List<JsonNode> reached = List.of(object);
        for (var step : path.subList(0, path.size() - 1)) {
            var next = new ArrayList<JsonNode>();
            for (var node : reached) {
                if (step.endsWith(EACH)) {
                    node.path(step.substring(0, step.length() - EACH.length())).forEach(next::add);
                } else {
                    next.add(node.path(step));
                }
            }
            reached = next;
        }
        return reached.stream()
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .toList();
    }
}
