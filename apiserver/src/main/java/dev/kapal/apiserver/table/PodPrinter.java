package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;

/// Name, ready containers, status in one word, restarts, age; wide: address, nodes, readiness gates.
final class PodPrinter implements Printer {
    @Override
    public void print(ObjectNode pod, Instant now, ArrayNode cells) {
        var spec = pod.path("spec");
        var status = pod.path("status");
        var summary = PodSummary.of(pod);
        cells.add(Cells.name(pod))
                .add(summary.ready() + "/" + summary.total())
                .add(summary.reason())
                .add(restarts(summary, now))
                .add(Cells.age(pod, now))
                .add(Cells.orNone(status.path("podIPs").path(0).path("ip")))
                .add(Cells.orNone(spec.path("nodeName")))
                .add(Cells.orNone(status.path("nominatedNodeName")))
                .add(readinessGates(spec, status));
    }

    @Override
    public void annotate(ObjectNode pod, ObjectNode row) {
        switch (pod.path("status").path("phase").asText("")) {
            case "Succeeded" -> completed(row, "Succeeded", "The pod has completed successfully.");
            case "Failed" -> completed(row, "Failed", "The pod failed.");
            default -> {}
        }
    }

    private static void completed(ObjectNode row, String reason, String message) {
        row.putArray("conditions")
                .addObject()
                .put("type", "Completed")
                .put("status", "True")
                .put("reason", reason)
                .put("message", message);
    }

    private static String restarts(PodSummary summary, Instant now) {
        var count = Integer.toString(summary.restarts());
        return summary.restarts() == 0 || summary.lastRestart().isEmpty()
                ? count
                : count + " (" + Cells.since(TextNode.valueOf(summary.lastRestart()), now) + " ago)";
    }

    private static String readinessGates(JsonNode spec, JsonNode status) {
        var gates = spec.path("readinessGates");
        if (gates.isEmpty()) {
            return Cells.NONE;
        }
        int open = 0;
        for (var gate : gates) {
            if (isOpen(gate.path("conditionType").asText(), status.path("conditions"))) {
                open++;
            }
        }
        return open + "/" + gates.size();
    }

    /// The first condition of the gate's type decides.
    private static boolean isOpen(String type, JsonNode conditions) {
        for (var condition : conditions) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }
}
