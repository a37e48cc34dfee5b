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
    private static final List<String> PREEMPTION = List.of("PreemptLowerPriority", "Never");

    @Override
    public void check(ObjectNode priority, Optional<ObjectNode> stored, Problems problems) {
        var name = priority.path("metadata").path("name").asText("");
        if (stored.isEmpty()) {
            if (name.startsWith("system-")) {
                checkSystem(name, priority, problems);
            } else if (priority.path("value").asLong(0) > HIGHEST) {
                problems.forbidden("value", "maximum allowed value of a user defined priority is " + HIGHEST);
            }
            if (priority.has("preemptionPolicy")) {
                problems.oneOf(
                        "preemptionPolicy", priority.get("preemptionPolicy").asText(), PREEMPTION);
            }
        }
        stored.ifPresent(before -> {
            if (priority.path("value").asLong(0) != before.path("value").asLong(0)) {
                problems.forbidden("value", "may not be changed in an update.");
            }
            problems.unchanged("preemptionPolicy", priority.path("preemptionPolicy"), before.path("preemptionPolicy"));
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
