package dev.kapal.controllers.replicaset;

import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.controllers.workload.Selectors;
import dev.kapal.controllers.workload.Times;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/// Computes the status of a ReplicaSet from its pods.
final class ReplicaSetStatuses {
    private static final String FAILURE = "ReplicaFailure";

    private ReplicaSetStatuses() {}

    /// Why pods could not be created or deleted.
    record Failure(String reason, String message) {}

    /// @param owned all pods of the set, the ended and the terminating included
    static ReplicaSetStatus observed(ReplicaSet set, List<Pod> owned, Optional<Failure> failure, Instant now) {
        var active = ReplicaSetPlan.active(owned);
        int minReady = ReplicaSetPlan.minReadySeconds(set);
        var template = set.getSpec().getTemplate();
        Map<String, String> wanted = template == null || template.getMetadata() == null
                ? Map.of()
                : Objects.requireNonNullElse(template.getMetadata().getLabels(), Map.of());
        return new ReplicaSetStatusBuilder()
                .withObservedGeneration(set.getMetadata().getGeneration())
                .withReplicas(active.size())
                .withFullyLabeledReplicas(
                        positive(active, pod -> Selectors.labels(pod).entrySet().containsAll(wanted.entrySet())))
                .withReadyReplicas(positive(active, PodFacts::isReady))
                .withAvailableReplicas(positive(active, pod -> PodFacts.isAvailable(pod, minReady, now)))
                .withConditions(conditions(set, failure, now))
                .build();
    }

    /// When the next ready pod becomes available, if one is still to.
    static Optional<Duration> nextAvailable(ReplicaSet set, List<Pod> owned, Instant now) {
        int minReady = ReplicaSetPlan.minReadySeconds(set);
        if (minReady == 0) {
            return Optional.empty();
        }
        return ReplicaSetPlan.active(owned).stream()
                .map(pod -> PodFacts.untilAvailable(pod, minReady, now))
                .flatMap(Optional::stream)
                .filter(Duration::isPositive)
                .min(Duration::compareTo);
    }

    private static List<ReplicaSetCondition> conditions(ReplicaSet set, Optional<Failure> failure, Instant now) {
        List<ReplicaSetCondition> before = set.getStatus() == null
                ? List.of()
                : Objects.requireNonNullElse(set.getStatus().getConditions(), List.of());
        var after = new ArrayList<ReplicaSetCondition>();
        Optional<ReplicaSetCondition> known = Optional.empty();
        for (ReplicaSetCondition condition : before) {
            if (condition.getType().equals(FAILURE)) {
                known = Optional.of(condition);
            } else {
                after.add(condition);
            }
        }
        if (failure.isPresent()) {
            // The first failure stays as it was told; only its end removes it.
            after.add(known.orElseGet(() -> new ReplicaSetConditionBuilder()
                    .withType(FAILURE)
                    .withStatus("True")
                    .withLastTransitionTime(Times.text(now))
                    .withReason(failure.get().reason())
                    .withMessage(failure.get().message())
                    .build()));
        }
        return after;
    }

    /// How many pass the test; none is not written at all, as upstream leaves such fields out.
    private static Integer positive(List<Pod> pods, Predicate<Pod> test) {
        int count = (int) pods.stream().filter(test).count();
        return count == 0 ? null : count;
    }

    /// Whether writing `now` over `before` would change nothing. A count of zero and none are the same.
    static boolean same(ReplicaSetStatus before, ReplicaSetStatus now) {
        var old = Objects.requireNonNullElse(before, new ReplicaSetStatus());
        return number(old.getReplicas()) == number(now.getReplicas())
                && number(old.getFullyLabeledReplicas()) == number(now.getFullyLabeledReplicas())
                && number(old.getReadyReplicas()) == number(now.getReadyReplicas())
                && number(old.getAvailableReplicas()) == number(now.getAvailableReplicas())
                && Objects.equals(old.getObservedGeneration(), now.getObservedGeneration())
                && Objects.requireNonNullElse(old.getConditions(), List.of())
                        .equals(Objects.requireNonNullElse(now.getConditions(), List.of()));
    }

    static int number(Integer count) {
        return Objects.requireNonNullElse(count, 0);
    }
}
