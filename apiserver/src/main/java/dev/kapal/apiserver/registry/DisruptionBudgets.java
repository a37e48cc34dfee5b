package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.api.Status.Cause;
import dev.kapal.model.GroupResource;
import dev.kapal.model.select.LabelSelector;
import java.util.ArrayList;
import java.util.List;

/// What an eviction needs before its pod may go: the leave of the budget that covers the pod. A budget that gives leave
/// remembers the pod, so that its controller does not count it any more. Any thread.
///
/// Source: policy/v1 API reference, Eviction and PodDisruptionBudgetStatus.
final class DisruptionBudgets {
    private static final String VIOLATION = "Cannot evict pod as it would violate the pod's disruption budget.";
    private static final String CAUSE = "DisruptionBudget";
    private static final int UNSEEN_RETRY_SECONDS = 10;
    private static final int MOST_DISRUPTED = 2000;
    /// Upstream refuses in the name of a resource that does not exist.
    private static final GroupResource RESOURCE = new GroupResource("policy", "poddisruptionbudget");

    private final Endpoint budgets;

    DisruptionBudgets(Endpoint budgets) {
        this.budgets = budgets;
    }

    /// Throws 429 when the pod has to stay for now.
    ///
    /// @param write the eviction
    void take(ObjectNode pod, Write write) throws InterruptedException {
        var covering = covering(pod, write.namespace());
        if (covering.size() > 1) {
            throw new ApiException(
                    Status.failure(
                            500,
                            Reason.INTERNAL_ERROR,
                            "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."));
        }
        if (covering.isEmpty() || mayGoUncounted(pod, covering.getFirst())) {
            return;
        }
        var name = Meta.of(covering.getFirst()).name();
        var change = new Write(write.user(), write.namespace(), name, "status", write.dryRun(), new Warnings());
        budgets.updater().update(change, stored -> counted(stored, write.name()), Updater.OPEN);
    }

    private List<ObjectNode> covering(ObjectNode pod, String namespace) throws InterruptedException {
        var labels = pod.path("metadata").path("labels");
        var covering = new ArrayList<ObjectNode>();
        for (var object : budgets.resource().shelf().all(namespace)) {
            var budget = budgets.resource().forms().read(object);
            var selector = budget.path("spec").path("selector");
            if (!selector.isMissingNode()
                    && LabelSelector.fromDocument(selector).matches(labels)) {
                covering.add(budget);
            }
        }
        return covering;
    }

    /// A pod that is not ready does not count, so its going changes nothing for the others.
    private static boolean mayGoUncounted(ObjectNode pod, ObjectNode budget) {
        if (isReady(pod)) {
            return false;
        }
        if (budget.path("spec").path("unhealthyPodEvictionPolicy").asText("").equals("AlwaysAllow")) {
            return true;
        }
        var status = budget.path("status");
        int desired = status.path("desiredHealthy").asInt(0);
        return desired > 0 && status.path("currentHealthy").asInt(0) >= desired;
    }

    private static boolean isReady(ObjectNode pod) {
        for (var condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText("").equals("Ready")) {
                return condition.path("status").asText("").equals("True");
            }
        }
        return false;
    }

    /// The budget with one pod more on its way out.
    private ObjectNode counted(ObjectNode stored, String pod) {
        var budget = stored.deepCopy();
        var name = Meta.of(budget).name();
        var status = budget.withObjectProperty("status");
        if (status.path("observedGeneration").asLong(0) < Meta.of(budget).generation()) {
            throw refusal(
                    "The disruption budget " + name + " is still being processed by the server.", UNSEEN_RETRY_SECONDS);
        }
        int allowed = status.path("disruptionsAllowed").asInt(0);
        if (allowed < 0) {
            throw ApiException.forbidden(RESOURCE, name, "pdb disruptions allowed is negative");
        }
        if (status.path("disruptedPods").size() > MOST_DISRUPTED) {
            throw ApiException.forbidden(
                    RESOURCE, name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        }
        if (allowed == 0) {
            throw refusal(why(name, status), 0);
        }
        status.put("disruptionsAllowed", allowed - 1);
        if (allowed == 1) {
            setInsufficient(status, Meta.of(budget).generation());
        }
        status.withObjectProperty("disruptedPods")
                .put(pod, Meta.time(budgets.time().instant()));
        return budget;
    }

    private static String why(String name, JsonNode status) {
        for (var condition : status.path("conditions")) {
            if (condition.path("type").asText("").equals("DisruptionAllowed")
                    && condition.path("status").asText("").equals("False")
                    && condition.path("reason").asText("").equals("SyncFailed")) {
                return "The disruption budget " + name
                        + " does not allow evicting pods currently because it failed sync: "
                        + condition.path("message").asText("");
            }
        }
        return "The disruption budget " + name + " needs "
                + status.path("desiredHealthy").asInt(0) + " healthy pods and has "
                + status.path("currentHealthy").asInt(0) + " currently";
    }

    private void setInsufficient(ObjectNode status, long generation) {
        var conditions = status.withArrayProperty("conditions");
        ObjectNode condition = null;
        for (var known : conditions) {
            if (known.path("type").asText("").equals("DisruptionAllowed")) {
                condition = (ObjectNode) known;
            }
        }
        if (condition == null) {
            condition = conditions.addObject().put("type", "DisruptionAllowed").put("message", "");
        }
        if (!condition.path("status").asText("").equals("False")) {
            condition
                    .put("status", "False")
                    .put("lastTransitionTime", Meta.time(budgets.time().instant()));
        }
        condition.put("reason", "InsufficientPods").put("observedGeneration", generation);
    }

    private static ApiException refusal(String cause, int retryAfterSeconds) {
        var details = Status.Details.of("", "", "")
                .causes(List.of(new Cause(CAUSE, cause, "")))
                .retryAfter(retryAfterSeconds);
        return new ApiException(Status.failure(429, Reason.TOO_MANY_REQUESTS, VIOLATION, details));
    }
}
