package dev.kapal.apiserver.strategy.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import java.util.List;
import java.util.Optional;

/// How important a pod is. The highest numbers and the prefix `system-` belong to the two classes that every cluster
/// has.
final class PriorityClassStrategy implements Strategy {
    private static final long HIGHEST = 1_000_000_000;
    private static final List<String> PREEMPTION = List.of("Never", "PreemptLowerPriority");

    @Override
    public void check(ObjectNode priority, Optional<ObjectNode> stored, Problems problems) {
        var name = priority.path("metadata").path("name").asText("");
        if (stored.isEmpty()) {
            if (name.startsWith("system-")) {
                checkSystem(name, priority, problems);
            } else if (priority.path("value").asLong(0) > HIGHEST) {
                problems.forbidden("value", "maximum allowed value of a user defined priority is " + HIGHEST);
            }
        }
        if (priority.has("preemptionPolicy")) {
            var policy = priority.get("preemptionPolicy").asText();
            if (!PREEMPTION.contains(policy)) {
                problems.notSupported("preemptionPolicy", policy, PREEMPTION);
            }
        }
        stored.ifPresent(before -> {
            if (priority.path("value").asLong(0) != before.path("value").asLong(0)) {
                problems.forbidden("value", "may not be changed in an update.");
            }
            if (!priority.path("preemptionPolicy").equals(before.path("preemptionPolicy"))) {
                problems.invalid("preemptionPolicy", priority.get("preemptionPolicy"), Problems.IMMUTABLE);
            }
        });
    }

    private static void checkSystem(String name, ObjectNode priority, Problems problems) {
        var known = SystemPriorities.find(name);
        var why = known.isEmpty()
                ? name + " is not a known system priority class"
                : known.get().difference(priority);
        if (!why.isEmpty()) {
            problems.forbidden(
                    "metadata.name",
                    "priority class names with 'system-' prefix are reserved for system use only. error: " + why);
        }
    }

    @Override
    public boolean asksForSame(ObjectNode one, ObjectNode other) {
        return true;
    }
}
