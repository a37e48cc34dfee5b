package dev.kapal.scheduler.snapshot;

import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Optional;

/// The taints that a pod puts up with. Immutable. Source: core/v1 Toleration.
public record Tolerations(List<Toleration> list) {
    public Tolerations {
        list = List.copyOf(list);
    }

    /// The first of `taints` that keeps the pod off a node.
    public Optional<Taint> firstUntolerated(List<Taint> taints) {
        for (var taint : taints) {
            boolean repels = "NoSchedule".equals(taint.getEffect()) || "NoExecute".equals(taint.getEffect());
            if (repels && !tolerates(taint)) {
                return Optional.of(taint);
            }
        }
        return Optional.empty();
    }

    /// How many of `taints` would rather not have the pod.
    public int countUnwelcome(List<Taint> taints) {
        int count = 0;
        for (var taint : taints) {
            if ("PreferNoSchedule".equals(taint.getEffect()) && !tolerates(taint)) {
                count++;
            }
        }
        return count;
    }

    private boolean tolerates(Taint taint) {
        return list.stream().anyMatch(toleration -> tolerates(toleration, taint));
    }

    private static boolean tolerates(Toleration toleration, Taint taint) {
        if (isSet(toleration.getEffect()) && !toleration.getEffect().equals(taint.getEffect())) {
            return false;
        }
        if (isSet(toleration.getKey()) && !toleration.getKey().equals(taint.getKey())) {
            return false;
        }
        return "Exists".equals(toleration.getOperator())
                || isSet(toleration.getKey()) && text(toleration.getValue()).equals(text(taint.getValue()));
    }

    private static boolean isSet(String value) {
        return value != null && !value.isEmpty();
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
