package dev.kapal.controllers.disruption;

import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.controllers.workload.Selectors;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;

/// Keeps the status of each PodDisruptionBudget: how many of its pods may be evicted now. Source: policy/v1 API
/// reference, PodDisruptionBudget.
public final class DisruptionReconciler implements Reconciler {
    private static final String COMPONENT = "controllermanager";

    private final Cache<PodDisruptionBudget> budgets;
    private final Cache<Pod> pods;
    private final ControllerScale scale;
    private final Api api;
    private final EventRecorder events;
    private final Time time;

    public DisruptionReconciler(Informers informers, Api api, EventRecorder events, Time time) {
        this.budgets = informers.of(PodDisruptionBudget.class);
        this.pods = informers.of(Pod.class);
        this.scale = new ControllerScale(informers);
        this.api = api;
        this.events = events;
        this.time = time;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(budgets), Wake.on(pods, this::covering));
    }

    /// The budgets of a pod, as it was and as it is.
    private List<Key> covering(Change<Pod> change) {
        var keys = new ArrayList<Key>();
        for (var budget : budgets.list(change.latest().getMetadata().getNamespace())) {
            boolean before = change instanceof Change.Updated<Pod>(Pod old, Pod now) && covers(budget, old);
            if (before || covers(budget, change.latest())) {
                keys.add(Key.of(budget));
            }
        }
        return keys;
    }

    private static boolean covers(PodDisruptionBudget budget, Pod pod) {
        var selector = budget.getSpec().getSelector();
        return selector != null && Selectors.matches(Selectors.of(selector), pod);
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = budgets.find(key);
        if (found.isEmpty()) {
            return Outcome.settled();
        }
        var budget = found.get();
        var plan = plan(budget);
        if (!plan.status().equals(budget.getStatus())) {
            api.updateStatus(new PodDisruptionBudgetBuilder(budget)
                    .withStatus(plan.status())
                    .build());
        }
        return plan.again().isPresent()
                ? Outcome.again(plan.again().get(), "an evicted pod may stay after all")
                : Outcome.settled();
    }

    private DisruptionPlan plan(PodDisruptionBudget budget) {
        var covered = pods.list(budget.getMetadata().getNamespace()).stream()
                .filter(pod -> covers(budget, pod))
                .filter(pod -> !PodFacts.isEnded(pod))
                .toList();
        if (covered.isEmpty()) {
            events.normal(budget, "NoPods", "No matching pods found", COMPONENT);
        }
        if (!DisruptionPlan.needsScale(budget)) {
            return DisruptionPlan.of(budget, covered, covered.size(), time.instant());
        }
        var total = scale.of(covered);
        if (total.unknown().isPresent()) {
            var why = "found no controllers for pod \"" + total.unknown().get() + "\"";
            events.warning(
                    budget,
                    "CalculateExpectedPodCountFailed",
                    "Failed to calculate the number of expected pods: " + why,
                    COMPONENT);
            return DisruptionPlan.failed(budget, why, time.instant());
        }
        return DisruptionPlan.of(budget, covered, total.replicas(), time.instant());
    }
}
