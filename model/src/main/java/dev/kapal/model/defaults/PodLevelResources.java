package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Quantity;
import java.util.List;
import java.util.TreeSet;

/// What a pod with resources of its own has of those that it does not name: as many huge pages as its containers may
/// use, and it requests as much as they do at their worst moment, else its limits. Source: Kubernetes enhancement 2837,
/// pod level resources.
public final class PodLevelResources {
    private static final List<String> SUMMED = List.of("cpu", "memory");
    private static final String HUGE_PAGES = "hugepages-";
    private static final List<String> LISTS = List.of("initContainers", "containers");

    private PodLevelResources() {}

    static void apply(ObjectNode spec) {
        var resources = spec.path("resources");
        if (resources.path("limits").isEmpty() && resources.path("requests").isEmpty()) {
            return;
        }
        for (var resource : hugePages(spec)) {
            boolean given = resources.path("limits").has(resource)
                    || resources.path("requests").has(resource);
            if (!given) {
                ((ObjectNode) resources)
                        .withObjectProperty("limits")
                        .put(resource, ofContainers(spec, "limits", resource).toString());
            }
        }
        if (!resources.path("limits").isEmpty()) {
            request((ObjectNode) resources, spec);
        }
    }

    private static void request(ObjectNode resources, ObjectNode spec) {
        var requests = resources.withObjectProperty("requests");
        for (var resource : SUMMED) {
            var sum = ofContainers(spec, "requests", resource);
            if (sum.amount().signum() > 0) {
                requests.putIfAbsent(resource, requests.textNode(sum.toString()));
            }
        }
        resources.get("limits").properties().forEach(limit -> requests.putIfAbsent(limit.getKey(), limit.getValue()));
    }

    /// The kinds of huge pages that containers have limits of.
    public static Iterable<String> hugePages(JsonNode spec) {
        var pages = new TreeSet<String>();
        for (var list : LISTS) {
            for (var container : spec.path(list)) {
                container.path("resources").path("limits").fieldNames().forEachRemaining(name -> {
                    if (name.startsWith(HUGE_PAGES)) {
                        pages.add(name);
                    }
                });
            }
        }
        return pages;
    }

    /// Init containers run one after the other beside the sidecars before them, the others all together.
    ///
    /// @param kind `requests` or `limits`
    public static Quantity ofContainers(JsonNode spec, String kind, String resource) {
        var sidecars = Quantity.ZERO;
        var peak = Quantity.ZERO;
        for (var container : spec.path("initContainers")) {
            var amount = amount(container, kind, resource);
            if (container.path("restartPolicy").asText().equals("Always")) {
                sidecars = sidecars.add(amount);
                peak = max(peak, sidecars);
            } else {
                peak = max(peak, sidecars.add(amount));
            }
        }
        var together = sidecars;
        for (var container : spec.path("containers")) {
            together = together.add(amount(container, kind, resource));
        }
        return max(peak, together);
    }

    private static Quantity amount(JsonNode container, String kind, String resource) {
        var amount = container.path("resources").path(kind).path(resource);
        return amount.isMissingNode() ? Quantity.ZERO : Quantity.parse(amount.asText());
    }

    private static Quantity max(Quantity left, Quantity right) {
        return left.compareTo(right) >= 0 ? left : right;
    }
}
