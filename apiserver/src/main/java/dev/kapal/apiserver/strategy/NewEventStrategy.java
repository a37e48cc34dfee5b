package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// Events that come as `events.k8s.io/v1`: what the core version leaves open is required, and once written only a
/// series goes on.
final class NewEventStrategy extends EventStrategy {
    /// In the order in which upstream looks at them.
    private static final List<String> FIXED = List.of(
            "involvedObject",
            "reason",
            "message",
            "source",
            "firstTimestamp",
            "lastTimestamp",
            "count",
            "type",
            "eventTime",
            "action",
            "related",
            "reportingController",
            "reportingInstance");

    @Override
    public void check(ObjectNode event, Optional<ObjectNode> stored, Problems problems) {
        super.check(event, stored, problems);
        if (stored.isEmpty()) {
            EventRules.checkNew(event, problems);
            return;
        }
        var before = stored.get();
        if (!event.path("series").equals(before.path("series"))) {
            EventRules.checkSeries(event.path("series"), problems);
        }
        FIXED.forEach(field -> problems.unchanged(field, of(event, field), of(before, field)));
    }

    private static JsonNode of(ObjectNode event, String field) {
        return event.path(field.equals("reportingController") ? "reportingComponent" : field);
    }
}
