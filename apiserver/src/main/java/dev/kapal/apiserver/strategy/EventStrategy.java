package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.ResourceDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Events are short-lived: nothing depends on them, and they are selected by what they are about.
class EventStrategy implements Strategy {
    private static final List<String> INVOLVED =
            List.of("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath");
    private static final Set<String> SELECTABLE = Set.of(
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type");

    @Override
    public Strategy servedAs(ResourceDefinition version) {
        return version.groupVersionKind().apiVersion().equals("events.k8s.io/v1") ? new NewEventStrategy() : this;
    }

    @Override
    public void check(ObjectNode event, Optional<ObjectNode> stored, Problems problems) {
        EventRules.check(event, problems);
    }

    @Override
    public boolean createsOnUpdate() {
        return true;
    }

    @Override
    public boolean collectsGarbage() {
        return false;
    }

    @Override
    public Set<String> selectable() {
        return SELECTABLE;
    }

    @Override
    public Map<String, String> fields(ObjectNode event) {
        var fields = new HashMap<String, String>();
        for (var field : INVOLVED) {
            fields.put(
                    "involvedObject." + field,
                    event.path("involvedObject").path(field).asText(""));
        }
        JsonNode component = event.path("source").path("component");
        var source = component.asText("");
        fields.put("source", source.isEmpty() ? event.path("reportingComponent").asText("") : source);
        fields.put("reportingComponent", event.path("reportingComponent").asText(""));
        fields.put("reason", event.path("reason").asText(""));
        fields.put("type", event.path("type").asText(""));
        return fields;
    }
}
