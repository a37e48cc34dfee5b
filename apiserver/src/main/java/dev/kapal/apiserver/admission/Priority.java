package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/// Turns a pod's priority class into a number. Only the two classes of the system exist so far.
final class Priority implements AdmissionPlugin.Mutating {
    private static final String PREEMPT = "PreemptLowerPriority";
    private static final Map<String, Integer> CLASSES =
            Map.of("system-cluster-critical", 2_000_000_000, "system-node-critical", 2_000_001_000);

    @Override
    public String name() {
        return "Priority";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.isCore("pods") || !request.isCreate()) {
            return;
        }
        if (!(request.object().orElseThrow().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        int priority = priority(request, spec.path("priorityClassName").asText(""));
        if (spec.has("priority") && spec.get("priority").asInt() != priority) {
            throw request.forbidden(
                    "the integer value of priority (" + spec.get("priority").asInt()
                            + ") must not be provided in pod spec; priority admission controller computed " + priority
                            + " from the given PriorityClass name");
        }
        spec.put("priority", priority);
        if (!spec.has("preemptionPolicy")) {
            spec.put("preemptionPolicy", PREEMPT);
        }
    }

    private static int priority(AdmissionRequest request, String name) {
        if (name.isEmpty()) {
            return 0;
        }
        var value = CLASSES.get(name);
        if (value == null) {
            throw request.forbidden("no PriorityClass with name " + name + " was found");
        }
        return value;
    }
}
