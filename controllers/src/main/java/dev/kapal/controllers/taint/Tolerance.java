package dev.kapal.controllers.taint;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// How long a pod may stay on a node with these NoExecute taints. Pure.
///
/// Source: Kubernetes documentation, "Taints and Tolerations".
final class Tolerance {
    private Tolerance() {}

    /// Zero when a taint is not tolerated at all; empty when the pod may stay for ever.
    static Optional<Duration> of(Pod pod, List<Taint> taints) {
        Optional<Duration> shortest = Optional.empty();
        for (Taint taint : taints) {
            var tolerating = tolerations(pod).stream()
                    .filter(toleration -> tolerates(toleration, taint))
                    .toList();
            if (tolerating.isEmpty()) {
                return Optional.of(Duration.ZERO);
            }
            for (Toleration toleration : tolerating) {
                Long seconds = toleration.getTolerationSeconds();
                if (seconds != null) {
                    var limit = Duration.ofSeconds(Math.max(0, seconds));
                    shortest = shortest.filter(known -> known.compareTo(limit) <= 0)
                            .or(() -> Optional.of(limit));
                }
            }
        }
        return shortest;
    }

    static boolean tolerates(Toleration toleration, Taint taint) {
        if (!isEmpty(toleration.getEffect()) && !toleration.getEffect().equals(taint.getEffect())) {
            return false;
        }
        if (!isEmpty(toleration.getKey()) && !toleration.getKey().equals(taint.getKey())) {
            return false;
        }
        return switch (Objects.requireNonNullElse(toleration.getOperator(), "Equal")) {
            case "", "Equal" ->
                Objects.requireNonNullElse(toleration.getValue(), "")
                        .equals(Objects.requireNonNullElse(taint.getValue(), ""));
            case "Exists" -> true;
            default -> false;
        };
    }

    private static List<Toleration> tolerations(Pod pod) {
        return Objects.requireNonNullElse(pod.getSpec().getTolerations(), List.of());
    }

    private static boolean isEmpty(String text) {
        return text == null || text.isEmpty();
    }
}
