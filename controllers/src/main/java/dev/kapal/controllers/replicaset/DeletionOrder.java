package dev.kapal.controllers.replicaset;

import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.controllers.workload.Selectors;
import dev.kapal.controllers.workload.Times;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The order in which surplus pods are deleted, the most expendable first:
///
/// 1. without a node; 2. pending before unknown before running; 3. not ready; 4. cheaper by the pod-deletion-cost
/// annotation; 5. more pods of the same workload beside it on its node; 6. ready for a shorter time, 7. more restarts,
/// 8. younger. Times are compared by the order of magnitude of the age, so that among pods of about the same age chance
/// (the uid) decides and not the placement that their order of creation hides.
///
/// Source: ReplicaSet documentation, "Scaling a ReplicaSet".
final class DeletionOrder {
    static final String COST = "controller.kubernetes.io/pod-deletion-cost";

    private static final Map<String, Integer> PHASES = Map.of("Pending", 0, "Unknown", 1, "Running", 2);

    private DeletionOrder() {}

    /// The `count` pods to delete first; `related` are all active pods of the workload, those of sibling sets included.
    static List<Pod> first(int count, List<Pod> pods, List<Pod> related, Instant now) {
        if (count >= pods.size()) {
            return pods;
        }
        Map<String, Long> neighbours = related.stream()
                .filter(PodFacts::isActive)
                .collect(Collectors.groupingBy(PodFacts::nodeName, Collectors.counting()));
        return pods.stream().sorted(order(neighbours, now)).limit(count).toList();
    }

    private static Comparator<Pod> order(Map<String, Long> neighbours, Instant now) {
        Comparator<Pod> placed =
                Comparator.comparing(pod -> !PodFacts.nodeName(pod).isEmpty());
        return placed.thenComparing(pod -> PHASES.getOrDefault(PodFacts.phase(pod), 0))
                .thenComparing(PodFacts::isReady)
                .thenComparing(DeletionOrder::cost)
                .thenComparing(Comparator.comparing((Pod pod) -> neighbours.getOrDefault(PodFacts.nodeName(pod), 0L))
                        .reversed())
                .thenComparing(youngerFirst(PodFacts::readySince, now))
                .thenComparing(Comparator.comparing(DeletionOrder::restarts).reversed())
                .thenComparing(youngerFirst(DeletionOrder::createdAt, now))
                .thenComparing(pod -> pod.getMetadata().getUid());
    }

    private static Comparator<Pod> youngerFirst(Function<Pod, Optional<Instant>> since, Instant now) {
        return Comparator.comparing(
                pod -> since.apply(pod).map(at -> magnitude(at, now)).orElse(-1));
    }

    /// The binary order of magnitude of the age.
    private static int magnitude(Instant since, Instant now) {
        long age = Duration.between(since, now).toNanos();
        return age <= 0 ? -1 : 63 - Long.numberOfLeadingZeros(age);
    }

    private static Optional<Instant> createdAt(Pod pod) {
        return Times.parse(pod.getMetadata().getCreationTimestamp());
    }

    private static int cost(Pod pod) {
        try {
            return Integer.parseInt(Selectors.annotations(pod).getOrDefault(COST, "0"));
        } catch (NumberFormatException invalid) {
            return 0;
        }
    }

    private static int restarts(Pod pod) {
        List<ContainerStatus> containers =
                pod.getStatus() == null ? null : pod.getStatus().getContainerStatuses();
        return Objects.requireNonNullElse(containers, List.<ContainerStatus>of()).stream()
                .mapToInt(container -> Objects.requireNonNullElse(container.getRestartCount(), 0))
                .max()
                .orElse(0);
    }
}
