package dev.kapal.controllers.disruption;

import dev.kapal.controllers.workload.PodFacts;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatus;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the status of a budget should say. Pure. Source: policy/v1 API reference, PodDisruptionBudgetStatus.
///
/// @param again when the status changes without anything else changing: a pod that was to go did not
record DisruptionPlan(PodDisruptionBudgetStatus status, Optional<Duration> again) {
    /// How long a pod counts as gone after its eviction was granted.
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String CONDITION = "DisruptionAllowed";

    /// @param pods those that the budget covers
    /// @param scale how many pods their controllers want; asked for by percentages and by `maxUnavailable`
    static DisruptionPlan of(PodDisruptionBudget budget, List<Pod> pods, int scale, Instant now) {
        var disrupted = new TreeMap<String, String>();
        Optional<Duration> again = Optional.empty();
        for (var pod : pods) {
            var since = disruptedAt(budget, pod);
            if (since.isEmpty() || PodFacts.isTerminating(pod)) {
                continue;
            }
            var left = Duration.between(now, since.get().plus(PATIENCE));
            if (!left.isNegative()) {
                disrupted.put(pod.getMetadata().getName(), since.get().toString());
                again = Optional.of(again.filter(a -> a.compareTo(left) < 0).orElse(left));
            }
        }
        int healthy = (int) pods.stream()
                .filter(pod -> !PodFacts.isTerminating(pod))
                .filter(pod -> !disrupted.containsKey(pod.getMetadata().getName()))
                .filter(PodFacts::isReady)
                .count();
        return new DisruptionPlan(status(budget, pods.size(), scale, healthy, disrupted, now), again);
    }

    private static PodDisruptionBudgetStatus status(
            PodDisruptionBudget budget, int pods, int scale, int healthy, Map<String, String> disrupted, Instant now) {
        var spec = budget.getSpec();
        int expected = 0;
        int desired = 0;
        if (spec.getMaxUnavailable() != null) {
            expected = scale;
            desired = Math.max(0, scale - count(spec.getMaxUnavailable(), scale));
        } else if (spec.getMinAvailable() != null) {
            expected = isPercent(spec.getMinAvailable()) ? scale : pods;
            desired = count(spec.getMinAvailable(), expected);
        }
        // a budget without pods allows nothing, so that the first pods are safe before this is seen
        int allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
        return new PodDisruptionBudgetStatusBuilder()
                .withCurrentHealthy(healthy)
                .withDesiredHealthy(desired)
                .withExpectedPods(expected)
                .withDisruptionsAllowed(allowed)
                .withDisruptedPods(disrupted)
                .withObservedGeneration(budget.getMetadata().getGeneration())
                .withConditions(
                        conditions(budget, allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods", "", now))
                .build();
    }

    /// Nothing is allowed when it cannot be known how many pods there should be.
    static DisruptionPlan failed(PodDisruptionBudget budget, String why, Instant now) {
        var before = Optional.ofNullable(budget.getStatus()).orElseGet(PodDisruptionBudgetStatus::new);
        var status = new PodDisruptionBudgetStatusBuilder(before)
                .withDisruptionsAllowed(0)
                .withObservedGeneration(budget.getMetadata().getGeneration())
                .withConditions(conditions(budget, false, "SyncFailed", why, now))
                .build();
        return new DisruptionPlan(status, Optional.empty());
    }

    private static List<Condition> conditions(
            PodDisruptionBudget budget, boolean allowed, String reason, String message, Instant now) {
        var conditions = new ArrayList<Condition>();
        var status = allowed ? "True" : "False";
        var since = now.truncatedTo(ChronoUnit.SECONDS).toString();
        var known = budget.getStatus() == null || budget.getStatus().getConditions() == null
                ? List.<Condition>of()
                : budget.getStatus().getConditions();
        for (var condition : known) {
            if (!condition.getType().equals(CONDITION)) {
                conditions.add(condition);
            } else if (condition.getStatus().equals(status)) {
                since = condition.getLastTransitionTime();
            }
        }
        conditions.add(new ConditionBuilder()
                .withType(CONDITION)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(budget.getMetadata().getGeneration())
                .withLastTransitionTime(since)
                .build());
        return conditions;
    }

    private static Optional<Instant> disruptedAt(PodDisruptionBudget budget, Pod pod) {
        var status = budget.getStatus();
        return status == null || status.getDisruptedPods() == null
                ? Optional.empty()
                : Optional.ofNullable(
                                status.getDisruptedPods().get(pod.getMetadata().getName()))
                        .map(Instant::parse);
    }

    /// Whether the number of pods must be asked of their controllers.
    static boolean needsScale(PodDisruptionBudget budget) {
        var spec = budget.getSpec();
        return spec.getMaxUnavailable() != null || spec.getMinAvailable() != null && isPercent(spec.getMinAvailable());
    }

    private static boolean isPercent(IntOrString value) {
        return value.getStrVal() != null;
    }

    /// Percentages are rounded up.
    private static int count(IntOrString value, int whole) {
        if (!isPercent(value)) {
            return value.getIntVal();
        }
        long percent = Long.parseLong(value.getStrVal().replace("%", ""));
        return (int) ((percent * whole + 99) / 100);
    }
}
