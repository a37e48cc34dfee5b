package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Quantity;
import java.util.List;

/// What a pod with limits of its own requests: as much as its containers at their worst moment, else its limits.
/// Source: Kubernetes enhancement 2837, pod level resources.
public final class PodLevelRequests {
    public static final List<String> SUMMED = List.of("cpu", "memory");

    private PodLevelRequests() {}

    static void apply(ObjectNode spec) {
        var limits = spec.path("resources").path("limits");
        if (limits.isEmpty()) {
            return;
        }
        var requests = ((ObjectNode) spec.get("resources")).withObjectProperty("requests");
        for (var resource : SUMMED) {
            var sum = ofContainers(spec, resource);
            if (sum.amount().signum() > 0) {
                requests.putIfAbsent(resource, requests.textNode(sum.toString()));
            }
        }
        limits.properties().forEach(limit -> requests.putIfAbsent(limit.getKey(), limit.getValue()));
    }

    /// Init containers run one after the other beside the sidecars before them, the others all together.
    public static Quantity ofContainers(JsonNode spec, String resource) {
        var sidecars = Quantity.ZERO;
        var peak = Quantity.ZERO;
        for (var container : spec.path("initContainers")) {
            var request = request(container, resource);
            if (container.path("restartPolicy").asText().equals("Always")) {
                sidecars = sidecars.add(request);
                peak = max(peak, sidecars);
            } else {
                peak = max(peak, sidecars.add(request));
            }
        }
        var together = sidecars;
        for (var container : spec.path("containers")) {
            together = together.add(request(container, resource));
        }
        return max(peak, together);
    }

    private static Quantity request(JsonNode container, String resource) {
        var request = container.path("resources").path("requests").path(resource);
        return request.isMissingNode() ? Quantity.ZERO : Quantity.parse(request.asText());
    }

    private static Quantity max(Quantity left, Quantity right) {
        return left.compareTo(right) >= 0 ? left : right;
    }
}
