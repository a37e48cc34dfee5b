package dev.kapal.scheduler.snapshot;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import java.util.function.Function;

/// What a pod asks for as a whole. Pure.
///
/// Init containers run one after another before the others, so only the largest counts; those that go on running
/// (`restartPolicy: Always`) add to all that start after them. Source: Kubernetes docs, "Init Containers", "Sidecar
/// Containers", resource sharing within containers.
final class PodRequests {
    /// What scoring assumes for a container that asks for nothing, so that such pods spread as well. Upstream's values.
    private static final long DEFAULT_MILLI_CPU = 100;

    private static final long DEFAULT_MEMORY = 200L << 20;

    private PodRequests() {}

    /// What the pod is guaranteed: what filtering counts.
    static Resources of(PodSpec spec) {
        return total(spec, container -> requests(container.getResources()));
    }

    /// As [#of], with defaults for containers that ask for nothing: what scoring counts.
    static Resources assumed(PodSpec spec) {
        return total(spec, container -> {
            var asked = requests(container.getResources());
            var list = list(container.getResources());
            return new Resources(
                    list.containsKey("cpu") ? asked.milliCpu() : DEFAULT_MILLI_CPU,
                    list.containsKey("memory") ? asked.memory() : DEFAULT_MEMORY,
                    asked.ephemeralStorage(),
                    asked.scalars());
        });
    }

    private static Resources total(PodSpec spec, Function<Container, Resources> requests) {
        var running = Resources.NONE;
        for (var container : spec.getContainers()) {
            running = running.plus(requests.apply(container));
        }
        var sidecars = Resources.NONE;
        var starting = Resources.NONE;
        for (var container : spec.getInitContainers()) {
            var asked = requests.apply(container);
            if ("Always".equals(container.getRestartPolicy())) {
                sidecars = sidecars.plus(asked);
                starting = starting.max(sidecars);
            } else {
                starting = starting.max(sidecars.plus(asked));
            }
        }
        var containers = running.plus(sidecars).max(starting);
        return overridden(containers, spec.getResources()).plus(Resources.of(spec.getOverhead()));
    }

    /// Requests of the pod as a whole stand in place of the sum over its containers.
    private static Resources overridden(Resources containers, ResourceRequirements pod) {
        var list = list(pod);
        if (list.isEmpty()) {
            return containers;
        }
        var asked = Resources.of(list);
        return new Resources(
                list.containsKey("cpu") ? asked.milliCpu() : containers.milliCpu(),
                list.containsKey("memory") ? asked.memory() : containers.memory(),
                containers.ephemeralStorage(),
                containers.max(new Resources(0, 0, 0, asked.scalars())).scalars());
    }

    private static Resources requests(ResourceRequirements resources) {
        return Resources.of(list(resources));
    }

    private static Map<String, io.fabric8.kubernetes.api.model.Quantity> list(ResourceRequirements resources) {
        return resources == null || resources.getRequests() == null ? Map.of() : resources.getRequests();
    }
}
