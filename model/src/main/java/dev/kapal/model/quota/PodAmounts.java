package dev.kapal.model.quota;

import com.fasterxml.jackson.databind.JsonNode;

/// What a pod asks for and may use at its worst moment: init containers run one after the other beside the sidecars
/// before them, the others all together. Source: Kubernetes documentation, resource sharing within init containers;
/// pod overhead; pod level resources.
public final class PodAmounts {
    private PodAmounts() {}

    /// @param overhead whether the runtime's own needs count
    public static Amounts requests(JsonNode spec, boolean overhead) {
        var all = ofContainers(spec, "requests").overlaid(podLevel(spec, "requests"));
        return overhead ? all.plus(Amounts.of(spec.path("overhead"))) : all;
    }

    /// The overhead counts only for what is limited at all.
    public static Amounts limits(JsonNode spec, boolean overhead) {
        var all = ofContainers(spec, "limits").overlaid(podLevel(spec, "limits"));
        return overhead
                ? all.plus(Amounts.of(spec.path("overhead"))
                        .only(all.withoutZeros().values().keySet()))
                : all;
    }

    private static Amounts podLevel(JsonNode spec, String field) {
        return Amounts.of(spec.path("resources").path(field));
    }

    private static Amounts ofContainers(JsonNode spec, String field) {
        var sidecars = Amounts.NONE;
        var peak = Amounts.NONE;
        for (var container : spec.path("initContainers")) {
            var own = Amounts.of(container.path("resources").path(field));
            if (container.path("restartPolicy").asText().equals("Always")) {
                sidecars = sidecars.plus(own);
                peak = peak.max(sidecars);
            } else {
                peak = peak.max(sidecars.plus(own));
            }
        }
        var together = sidecars;
        for (var container : spec.path("containers")) {
            together = together.plus(Amounts.of(container.path("resources").path(field)));
        }
        return together.max(peak);
    }
}
