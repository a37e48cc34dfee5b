package dev.kapal.agent.env;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.stream.Stream;

/// Reads limits and requests of a container for `resourceFieldRef`. Pure.
///
/// A limit that is not set reads as what the node can allocate; a request that is not set reads as zero. The value is
/// divided by the divisor (1 by default) and rounded up.
///
/// Source: ResourceFieldSelector API.
public final class ResourceFields {
    private ResourceFields() {}

    /// `own` is the container that asks, used when the selector names none.
    public static String value(Pod pod, String own, ResourceFieldSelector selector, Map<String, Quantity> allocatable) {
        var name = selector.getContainerName() == null
                        || selector.getContainerName().isEmpty()
                ? own
                : selector.getContainerName();
        var container = Stream.concat(
                        pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new MissingConfigException("container " + name + " not found"));
        var divisor = selector.getDivisor() == null
                ? BigDecimal.ZERO
                : selector.getDivisor().getNumericalAmount();
        if (divisor.signum() == 0) {
            divisor = BigDecimal.ONE;
        }
        return amount(container, selector.getResource(), allocatable)
                .divide(divisor, 0, RoundingMode.CEILING)
                .toPlainString();
    }

    private static BigDecimal amount(Container container, String resource, Map<String, Quantity> allocatable) {
        var resources = container.getResources();
        if (resource.startsWith("limits.")) {
            var name = resource.substring("limits.".length());
            var limits = resources == null ? null : resources.getLimits();
            var limit = limits == null ? null : limits.get(name);
            return numeric(limit == null || limit.getNumericalAmount().signum() == 0 ? allocatable.get(name) : limit);
        }
        if (resource.startsWith("requests.")) {
            var requests = resources == null ? null : resources.getRequests();
            return numeric(requests == null ? null : requests.get(resource.substring("requests.".length())));
        }
        throw new MissingConfigException("unsupported container resource : " + resource);
    }

    private static BigDecimal numeric(Quantity quantity) {
        return quantity == null ? BigDecimal.ZERO : quantity.getNumericalAmount();
    }
}
