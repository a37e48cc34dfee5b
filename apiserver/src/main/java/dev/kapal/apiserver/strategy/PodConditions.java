package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Meta;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;

/// The conditions in a pod's status.
public final class PodConditions {
    private static final String GENERATION = "observedGeneration";

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

    /// Which generation was seen stays known when a write does not say it.
    static void keepGenerations(ObjectNode status, JsonNode before) {
        keepGeneration(status, before);
        var known = new HashMap<String, Deque<JsonNode>>();
        before.path("conditions")
                .forEach(condition -> known.computeIfAbsent(
                                condition.path("type").asText(""), _ -> new ArrayDeque<>())
                        .add(condition));
        for (var condition : status.path("conditions")) {
            var same = known.getOrDefault(condition.path("type").asText(""), new ArrayDeque<>());
            if (!same.isEmpty()) { // of one type there may be several
                keepGeneration((ObjectNode) condition, same.remove());
            }
        }
    }

    private static void keepGeneration(ObjectNode now, JsonNode before) {
        if (now.path(GENERATION).asLong(0) == 0 && before.has(GENERATION)) {
            now.set(GENERATION, before.get(GENERATION));
        }
    }

    private static void put(ObjectNode condition, String field, String value) {
        if (value.isEmpty()) {
            condition.remove(field);
        } else {
            condition.put(field, value);
        }
    }
}
