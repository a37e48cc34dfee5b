package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Meta;
import java.time.Instant;

/// The conditions in a pod's status.
public final class PodConditions {
    private PodConditions() {}

    /// Sets one condition; its transition time changes only when its status does.
    public static void set(ObjectNode pod, String type, String status, String reason, String message, Instant now) {
        var podStatus = pod.get("status") instanceof ObjectNode present ? present : pod.putObject("status");
        var conditions = podStatus.withArray("conditions");
        ObjectNode condition = null;
        for (var candidate : conditions) {
            if (candidate.path("type").asText().equals(type)) {
                condition = (ObjectNode) candidate;
            }
        }
        if (condition == null) {
            condition = conditions.addObject().put("type", type);
            condition.putNull("lastProbeTime");
        }
        if (!condition.path("status").asText("").equals(status)) {
            condition.put("status", status).put("lastTransitionTime", Meta.time(now));
        }
        put(condition, "reason", reason);
        put(condition, "message", message);
    }

    private static void put(ObjectNode condition, String field, String value) {
        if (value.isEmpty()) {
            condition.remove(field);
        } else {
            condition.put(field, value);
        }
    }
}
