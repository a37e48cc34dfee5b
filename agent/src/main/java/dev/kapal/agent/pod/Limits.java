package dev.kapal.agent.pod;

import dev.kapal.agent.cri.v1.LinuxContainerResources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/// Requests and limits as the kernel takes them. Pure.
///
/// Source: Kubernetes documentation, "How Kubernetes applies resource requests and limits".
final class Limits {
    private static final long CPU_PERIOD_MICROS = 100_000;
    private static final long SMALLEST_QUOTA = 1_000;
    private static final long SMALLEST_SHARES = 2;
    private static final long LARGEST_SHARES = 262_144;
    private static final int GUARANTEED_OOM_SCORE = -997;
    private static final int BEST_EFFORT_OOM_SCORE = 1000;
    /// Pods of this priority keep the node alive.
    private static final int SYSTEM_CRITICAL = 2_000_000_000;

    private Limits() {}

    static Map<String, Quantity> requests(Container container) {
        var resources = container.getResources();
        return resources == null || resources.getRequests() == null ? Map.of() : resources.getRequests();
    }

    static Map<String, Quantity> limits(Container container) {
        var resources = container.getResources();
        return resources == null || resources.getLimits() == null ? Map.of() : resources.getLimits();
    }

    static BigDecimal amount(Map<String, Quantity> resources, String name) {
        var quantity = resources.get(name);
        return quantity == null ? BigDecimal.ZERO : quantity.getNumericalAmount();
    }

    /// `memoryCapacity`: the node's memory in bytes.
    static LinuxContainerResources of(Pod pod, Container container, long memoryCapacity) {
        var requests = requests(container);
        var limits = limits(container);
        var cpuRequest = requests.containsKey("cpu") ? amount(requests, "cpu") : amount(limits, "cpu");
        var out = LinuxContainerResources.newBuilder()
                .setCpuShares(shares(cpuRequest))
                .setCpuPeriod(CPU_PERIOD_MICROS)
                .setOomScoreAdj(oomScore(pod, container, memoryCapacity));
        var cpuLimit = amount(limits, "cpu");
        if (cpuLimit.signum() > 0) {
            out.setCpuQuota(quota(cpuLimit));
        }
        var memoryLimit = amount(limits, "memory");
        if (memoryLimit.signum() > 0) {
            out.setMemoryLimitInBytes(bytes(memoryLimit));
        }
        return out.build();
    }

    static long shares(BigDecimal cpus) {
        long shares = cpus.multiply(BigDecimal.valueOf(1024)).longValue();
        return Math.clamp(shares, SMALLEST_SHARES, LARGEST_SHARES);
    }

    static long quota(BigDecimal cpus) {
        return Math.max(
                SMALLEST_QUOTA,
                cpus.multiply(BigDecimal.valueOf(CPU_PERIOD_MICROS)).longValue());
    }

    static long bytes(BigDecimal amount) {
        return amount.setScale(0, RoundingMode.CEILING).longValue();
    }

    private static int oomScore(Pod pod, Container container, long memoryCapacity) {
        var priority = pod.getSpec().getPriority();
        if (priority != null && priority >= SYSTEM_CRITICAL) {
            return GUARANTEED_OOM_SCORE;
        }
        return switch (Qos.of(pod)) {
            case GUARANTEED -> GUARANTEED_OOM_SCORE;
            case BEST_EFFORT -> BEST_EFFORT_OOM_SCORE;
            case BURSTABLE -> {
                long request = bytes(amount(requests(container), "memory"));
                long score = BEST_EFFORT_OOM_SCORE - BEST_EFFORT_OOM_SCORE * request / memoryCapacity;
                yield Math.clamp(score, BEST_EFFORT_OOM_SCORE + GUARANTEED_OOM_SCORE, BEST_EFFORT_OOM_SCORE - 1);
            }
        };
    }
}
