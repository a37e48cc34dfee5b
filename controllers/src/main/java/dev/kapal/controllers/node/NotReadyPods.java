package dev.kapal.controllers.node;

import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.EventRecorder;
import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.controllers.workload.Refusals;
import dev.kapal.controllers.workload.Times;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;

/// Takes the pods of a failed node out of service: not ready, they get no traffic. Blocks.
final class NotReadyPods {
    private final Api api;
    private final EventRecorder events;
    private final Time time;

    NotReadyPods(Api api, EventRecorder events, Time time) {
        this.api = api;
        this.events = events;
        this.time = time;
    }

    void mark(List<Pod> pods) throws InterruptedException {
        for (Pod pod : pods) {
            if (PodFacts.isReady(pod)) {
                mark(pod);
            }
        }
    }

    private void mark(Pod pod) throws InterruptedException {
        var conditions = pod.getStatus().getConditions().stream()
                .map(condition -> condition.getType().equals("Ready")
                        ? condition.toBuilder()
                                .withStatus("False")
                                .withLastTransitionTime(Times.text(time.instant()))
                                .build()
                        : condition)
                .toList();
        try {
            api.updateStatus(new PodBuilder(pod)
                    .editStatus()
                    .withConditions(conditions)
                    .endStatus()
                    .build());
            events.warning(pod, "NodeNotReady", "Node is not ready", "node-controller");
        } catch (KubernetesClientException refusal) {
            if (!Refusals.isNotFound(refusal)) {
                throw refusal;
            }
        }
    }
}
