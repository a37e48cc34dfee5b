package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.List;

/// What an event must tell. One that says when it happened, in the newer way, must also say by whom, where and why.
/// Fields are named as the stored form has them, as upstream does. Source: API reference, Event v1.
final class EventRules {
    private static final int NAME_LIMIT = 128;
    private static final int NOTE_LIMIT = 1024;

    private EventRules() {}

    static void check(ObjectNode event, Problems problems) {
        var namespace = event.path("metadata").path("namespace").asText("");
        var involved = event.path("involvedObject").path("namespace").asText("");
        boolean isNew = !event.path("eventTime").asText("").isEmpty();
        boolean matches;
        if (involved.isEmpty()) {
            matches = namespace.equals("default") || isNew && namespace.equals("kube-system");
        } else {
            matches = isNew || involved.equals(namespace);
        }
        if (!matches) {
            problems.invalid("involvedObject.namespace", involved, "does not match event.namespace");
        }
        if (isNew) {
            checkOrigin(event, problems);
        }
    }

    private static void checkOrigin(ObjectNode event, Problems problems) {
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
        if (Sizes.utf8(text) > limit) {
            problems.invalid(field, "", "can have at most " + limit + " characters");
        }
    }

    /// What `events.k8s.io/v1` asks for beyond that.
    static void checkNew(ObjectNode event, Problems problems) {
        checkSeries(event.path("series"), problems);
        if (event.path("eventTime").asText("").isEmpty()) {
            problems.required("eventTime", "");
        }
        var type = event.path("type").asText("");
        if (!type.equals("Normal") && !type.equals("Warning")) {
            problems.invalid("type", "", "has invalid value: " + type);
        }
        for (var field : List.of("firstTimestamp", "lastTimestamp", "count", "source")) {
            if (isSet(event.path(field))) {
                problems.invalid(field, "", "needs to be unset");
            }
        }
    }

    private static boolean isSet(JsonNode value) {
        return value.isObject()
                ? !value.isEmpty()
                : !value.asText("").isEmpty() && !value.asText().equals("0");
    }

    /// An event that goes on has happened twice at least.
    static void checkSeries(JsonNode series, Problems problems) {
        if (series.isMissingNode()) {
            return;
        }
        if (series.path("count").asInt(0) < 2) {
            problems.invalid("series.count", "", "should be at least 2");
        }
        if (series.path("lastObservedTime").asText("").isEmpty()) {
            problems.required("series.lastObservedTime", "");
        }
    }
}
