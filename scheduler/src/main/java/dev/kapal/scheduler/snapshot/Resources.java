package dev.kapal.scheduler.snapshot;

import dev.kapal.model.Quantity;
import java.util.HashMap;
import java.util.Map;

/// Amounts of what nodes offer and pods ask for. Immutable.
///
/// @param milliCpu thousandths of a core
/// @param memory bytes
/// @param ephemeralStorage bytes
/// @param scalars everything else that is counted: extended resources, huge pages
public record Resources(long milliCpu, long memory, long ephemeralStorage, Map<String, Long> scalars) {
    public static final Resources NONE = new Resources(0, 0, 0, Map.of());

    private static final String PODS = "pods";

    public Resources {
        scalars = Map.copyOf(scalars);
    }

    /// Reads a resource list; `pods` is not an amount that is asked for and is left out.
    static Resources of(Map<String, io.fabric8.kubernetes.api.model.Quantity> list) {
        if (list == null || list.isEmpty()) {
            return NONE;
        }
        long cpu = 0;
        long memory = 0;
        long storage = 0;
        var scalars = new HashMap<String, Long>();
        for (var item : list.entrySet()) {
            var amount = parse(item.getValue());
            switch (item.getKey()) {
                case "cpu" -> cpu = amount.milliValue();
                case "memory" -> memory = amount.value();
                case "ephemeral-storage" -> storage = amount.value();
                case PODS -> {}
                default -> scalars.put(item.getKey(), amount.value());
            }
        }
        return new Resources(cpu, memory, storage, scalars);
    }

    static long pods(Map<String, io.fabric8.kubernetes.api.model.Quantity> list) {
        return list == null || !list.containsKey(PODS)
                ? 0
                : parse(list.get(PODS)).value();
    }

    private static Quantity parse(io.fabric8.kubernetes.api.model.Quantity quantity) {
        return Quantity.parse(quantity.getAmount() + (quantity.getFormat() == null ? "" : quantity.getFormat()));
    }

    public boolean isNone() {
        return milliCpu == 0 && memory == 0 && ephemeralStorage == 0 && scalars.isEmpty();
    }

    public long scalar(String name) {
        return scalars.getOrDefault(name, 0L);
    }

    Resources plus(Resources other) {
        return new Resources(
                milliCpu + other.milliCpu,
                memory + other.memory,
                ephemeralStorage + other.ephemeralStorage,
                merged(scalars, other.scalars, 1));
    }

    Resources minus(Resources other) {
        return new Resources(
                milliCpu - other.milliCpu,
                memory - other.memory,
                ephemeralStorage - other.ephemeralStorage,
                merged(scalars, other.scalars, -1));
    }

    /// The larger of each amount.
    Resources max(Resources other) {
        var larger = new HashMap<>(scalars);
        other.scalars.forEach((name, amount) -> larger.merge(name, amount, Math::max));
        return new Resources(
                Math.max(milliCpu, other.milliCpu),
                Math.max(memory, other.memory),
                Math.max(ephemeralStorage, other.ephemeralStorage),
                larger);
    }

    private static Map<String, Long> merged(Map<String, Long> one, Map<String, Long> other, int sign) {
        if (other.isEmpty()) {
            return one;
        }
        var sum = new HashMap<>(one);
        other.forEach((name, amount) -> sum.merge(name, sign * amount, Long::sum));
        return sum;
    }
}
