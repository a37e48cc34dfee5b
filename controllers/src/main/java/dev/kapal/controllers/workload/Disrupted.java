package dev.kapal.controllers.workload;

import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Notes on a pod why the control plane is about to delete it (condition `DisruptionTarget`). Blocks.
public final class Disrupted {
    private static final String TYPE = "DisruptionTarget";

    private final Api api;
    private final Time time;

    public Disrupted(Api api, Time time) {
        this.api = api;
        this.time = time;
    }

    public void mark(Pod pod, String reason, String message) throws InterruptedException {
        write(pod, reason, message, PodFacts.phase(pod));
    }

    /// As [#mark], and ends a pod that nobody can end any more.
    public void fail(Pod pod, String reason, String message) throws InterruptedException {
        write(pod, reason, message, PodFacts.isEnded(pod) ? PodFacts.phase(pod) : "Failed");
    }

    private void write(Pod pod, String reason, String message, String phase) throws InterruptedException {
        var before = pod.getStatus() == null ? null : pod.getStatus().getConditions();
        var conditions = new ArrayList<PodCondition>(Objects.requireNonNullElse(before, List.of()));
        conditions.removeIf(condition -> condition.getType().equals(TYPE));
        conditions.add(new PodConditionBuilder()
                .withType(TYPE)
                .withStatus("True")
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(Times.text(time.instant()))
                .build());
        try {
            api.updateStatus(new PodBuilder(pod)
                    .editOrNewStatus()
                    .withPhase(phase)
                    .withConditions(conditions)
                    .endStatus()
                    .build());
        } catch (KubernetesClientException refusal) {
            if (!Refusals.isNotFound(refusal)) {
                throw refusal;
            }
        }
    }
}
