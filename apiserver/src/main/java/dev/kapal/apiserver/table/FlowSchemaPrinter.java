package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// Name, priority level, precedence, what tells flows apart, age, whether the level is missing; first who is asked
/// first.
final class FlowSchemaPrinter implements Printer {
    private static final Comparator<ObjectNode> BY_PRECEDENCE =
            Comparator.comparingLong(FlowSchemaPrinter::precedence).thenComparing(Cells::name);

    @Override
    public void print(ObjectNode flow, Instant now, ArrayNode cells) {
        var spec = flow.path("spec");
        cells.add(Cells.name(flow))
                .add(spec.path("priorityLevelConfiguration").path("name").asText(""))
                .add(precedence(flow))
                .add(spec.path("distinguisherMethod").path("type").asText(Cells.NONE))
                .add(Cells.age(flow, now))
                .add(dangling(flow.path("status").path("conditions")));
    }

    @Override
    public List<ObjectNode> inOrder(List<ObjectNode> flows) {
        return flows.stream().sorted(BY_PRECEDENCE).toList();
    }

    private static long precedence(ObjectNode flow) {
        return flow.path("spec").path("matchingPrecedence").asLong();
    }

    private static String dangling(JsonNode conditions) {
        for (var condition : conditions) {
            if (condition.path("type").asText("").equals("Dangling")) {
                return condition.path("status").asText("");
            }
        }
        return "?"; // nobody has looked yet
    }
}
