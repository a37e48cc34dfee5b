package dev.kapal.scheduler;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kapal.client.Api;
import dev.kapal.scheduler.snapshot.PodFacts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Writes the condition `PodScheduled=False` of a pod that got no node. Any thread.
final class PodStatus {
    private static final String TYPE = "PodScheduled";

    private final Api api;

    PodStatus(Api api) {
        this.api = api;
    }

    /// Writes nothing when the condition says so already.
    void notScheduled(PodFacts pod, String reason, String message, Instant now) throws InterruptedException {
        var patch = patch(pod.pod(), reason, message, now);
        if (patch.isPresent()) {
            api.patchStatus(Pod.class, pod.key(), Api.Patch.STRATEGIC, patch.get());
        }
    }

    /// The uid is in it so that it does not hit a later pod of the same name.
    static Optional<String> patch(Pod pod, String reason, String message, Instant now) {
        var known = condition(pod);
        if (known.isPresent()
                && "False".equals(known.get().getStatus())
                && reason.equals(known.get().getReason())
                && message.equals(known.get().getMessage())) {
            return Optional.empty();
        }
        // Reason and message may change without a transition.
        String since = known.filter(condition -> "False".equals(condition.getStatus()))
                .map(PodCondition::getLastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        var json = JsonNodeFactory.instance;
        var condition = json.objectNode()
                .put("type", TYPE)
                .put("status", "False")
                .putNull("lastProbeTime")
                .put("lastTransitionTime", since)
                .put("reason", reason)
                .put("message", message);
        if (pod.getMetadata().getGeneration() != null) {
            condition.put("observedGeneration", pod.getMetadata().getGeneration());
        }
        var patch = json.objectNode();
        patch.putObject("metadata").put("uid", pod.getMetadata().getUid());
        patch.putObject("status").putArray("conditions").add(condition);
        return Optional.of(patch.toString());
    }

    private static Optional<PodCondition> condition(Pod pod) {
        return pod.getStatus() == null || pod.getStatus().getConditions() == null
                ? Optional.empty()
                : pod.getStatus().getConditions().stream()
                        .filter(condition -> TYPE.equals(condition.getType()))
                        .findFirst();
    }
}
