package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Optional;

/// Events that come as `events.k8s.io/v1`: what the core version leaves open is required, and once written only a
/// series
/// goes on. Fields are named as the stored form has them, as upstream does.
final class NewEventStrategy extends EventStrategy {
    private static final int NAME_LIMIT = 128;
    private static final int NOTE_LIMIT = 1024;
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
        if (stored.isPresent()) {
            FIXED.forEach(field -> problems.unchanged(field, of(event, field), of(stored.get(), field)));
            return;
        }
        super.check(event, stored, problems);
        if (event.path("eventTime").asText("").isEmpty()) {
            problems.required("eventTime", "");
        }
        var controller = event.path("reportingComponent").asText("");
        if (controller.isEmpty()) {
            problems.required("reportingController", "");
        }
        problems.invalid("reportingController", controller, Names.qualifiedName(controller));
        for (var field : List.of("reportingInstance", "action", "reason")) {
            var text = event.path(field).asText("");
            if (text.isEmpty()) {
                problems.required(field, "");
            }
            checkLength(field, text, NAME_LIMIT, problems);
        }
        checkLength("message", event.path("message").asText(""), NOTE_LIMIT, problems);
    }

    private static void checkLength(String field, String text, int limit, Problems problems) {
        if (text.length() > limit) {
            problems.invalid(field, "", "can have at most " + limit + " characters");
        }
    }

    private static JsonNode of(ObjectNode event, String field) {
        return event.path(field.equals("reportingController") ? "reportingComponent" : field);
    }
}
