package dev.kapal.controllers.workload;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What controllers ask about a pod.
public final class PodFacts {
    private PodFacts() {}

    public static String phase(Pod pod) {
        return pod.getStatus() == null || pod.getStatus().getPhase() == null
                ? ""
                : pod.getStatus().getPhase();
    }

    public static boolean isTerminating(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    /// Ended for good, in success or failure.
    public static boolean isEnded(Pod pod) {
        return phase(pod).equals("Succeeded") || phase(pod).equals("Failed");
    }

    /// Neither ended nor on its way out: it counts towards what its owner wants.
    public static boolean isActive(Pod pod) {
        return !isEnded(pod) && !isTerminating(pod);
    }

    public static Optional<PodCondition> condition(Pod pod, String type) {
        if (pod.getStatus() == null || pod.getStatus().getConditions() == null) {
            return Optional.empty();
        }
        for (PodCondition condition : pod.getStatus().getConditions()) {
            if (condition.getType().equals(type)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    public static boolean isReady(Pod pod) {
        return condition(pod, "Ready")
                .filter(ready -> "True".equals(ready.getStatus()))
                .isPresent();
    }

    /// Since when the pod has been ready; empty while it is not.
    public static Optional<Instant> readySince(Pod pod) {
        return condition(pod, "Ready")
                .filter(ready -> "True".equals(ready.getStatus()))
                .flatMap(ready -> Times.parse(ready.getLastTransitionTime()));
    }

    /// Ready for at least `minReadySeconds`.
    public static boolean isAvailable(Pod pod, int minReadySeconds, Instant now) {
        if (!isReady(pod)) {
            return false;
        }
        return minReadySeconds == 0
                || untilAvailable(pod, minReadySeconds, now)
                        .filter(Duration::isZero)
                        .isPresent();
    }

    /// How long a ready pod still has to stay ready to become available; zero when it is, empty when it is not ready.
    public static Optional<Duration> untilAvailable(Pod pod, int minReadySeconds, Instant now) {
        return readySince(pod)
                .map(since -> Duration.between(now, since.plusSeconds(minReadySeconds)))
                .map(left -> left.isNegative() ? Duration.ZERO : left);
    }

    public static String nodeName(Pod pod) {
        return pod.getSpec() == null || pod.getSpec().getNodeName() == null
                ? ""
                : pod.getSpec().getNodeName();
    }

    /// The node's name as an index: the pods of one node are found together.
    public static List<String> byNode(Pod pod) {
        return nodeName(pod).isEmpty() ? List.of() : List.of(nodeName(pod));
    }
}
