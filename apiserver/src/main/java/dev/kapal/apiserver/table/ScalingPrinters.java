package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;

/// Autoscalers, disruption budgets, quotas and the classes that pods refer to.
final class ScalingPrinters {
    private static final int SHOWN = 2;
    private static final String AVERAGE_VALUE = "averageValue";
    private static final String NIL = "<nil>";

    private ScalingPrinters() {}

    static Map<GroupResource, Printer> all() {
        return Map.of(
                new GroupResource("autoscaling", "horizontalpodautoscalers"), ScalingPrinters::autoscaler,
                new GroupResource("policy", "poddisruptionbudgets"), ScalingPrinters::budget,
                new GroupResource("", "resourcequotas"), ScalingPrinters::quota,
                new GroupResource("", "componentstatuses"), ScalingPrinters::component,
                new GroupResource("scheduling.k8s.io", "priorityclasses"), ScalingPrinters::priority,
                new GroupResource("node.k8s.io", "runtimeclasses"), ScalingPrinters::runtime);
    }

    private static void autoscaler(ObjectNode autoscaler, Instant now, ArrayNode cells) {
        var spec = autoscaler.path("spec");
        var target = spec.path("scaleTargetRef");
        cells.add(Cells.name(autoscaler))
                .add(target.path("kind").asText("") + "/" + target.path("name").asText(""))
                .add(metrics(spec.path("metrics"), autoscaler.path("status").path("currentMetrics")))
                .add(Cells.or(spec.path("minReplicas"), Cells.UNSET))
                .add(spec.path("maxReplicas").asInt(0))
                .add(autoscaler.path("status").path("currentReplicas").asInt(0))
                .add(Cells.age(autoscaler, now));
    }

    private static String metrics(JsonNode metrics, JsonNode current) {
        var shown = new ArrayList<String>();
        for (int i = 0; i < metrics.size(); i++) {
            shown.add(metric(metrics.get(i), current.path(i)));
        }
        if (shown.isEmpty()) {
            return Cells.NONE;
        }
        var first = String.join(", ", shown.subList(0, Math.min(SHOWN, shown.size())));
        return shown.size() > SHOWN ? first + " + " + (shown.size() - SHOWN) + " more..." : first;
    }

    private static String metric(JsonNode metric, JsonNode current) {
        var type = metric.path("type").asText("");
        return switch (type) {
            case "Resource" -> resource(metric.path("resource"), current.path("resource"));
            case "ContainerResource" -> resource(metric.path("containerResource"), current.path("containerResource"));
            case "Pods" -> pair(metric.path("pods"), current.path("pods"), AVERAGE_VALUE, NIL);
            case "Object" -> valueOrAverage(metric.path("object"), current.path("object"));
            case "External" -> valueOrAverage(metric.path("external"), current.path("external"));
            default -> "<unknown type>";
        };
    }

    private static String resource(JsonNode source, JsonNode current) {
        var name = source.path("name").asText("") + ": ";
        if (source.path("target").has(AVERAGE_VALUE)) {
            return name + pair(source, current, AVERAGE_VALUE, NIL);
        }
        var field = "averageUtilization";
        var now = current.path("current").path(field);
        var wanted = source.path("target").path(field);
        return name + (now.isMissingNode() ? Cells.UNKNOWN : now.asInt() + "%") + "/"
                + (wanted.isMissingNode() ? "<auto>" : wanted.asInt() + "%");
    }

    private static String valueOrAverage(JsonNode source, JsonNode current) {
        return source.path("target").has(AVERAGE_VALUE)
                ? pair(source, current, AVERAGE_VALUE, Cells.UNKNOWN) + " (avg)"
                : pair(source, current, "value", NIL);
    }

    /// @param otherwise what is shown of a metric that is known, but has no such value
    private static String pair(JsonNode source, JsonNode current, String field, String otherwise) {
        var now = current.isMissingNode()
                ? Cells.UNKNOWN
                : current.path("current").path(field).asText(otherwise);
        return now + "/" + source.path("target").path(field).asText("");
    }

    private static void budget(ObjectNode budget, Instant now, ArrayNode cells) {
        var spec = budget.path("spec");
        cells.add(Cells.name(budget))
                .add(Cells.or(spec.path("minAvailable"), "N/A"))
                .add(Cells.or(spec.path("maxUnavailable"), "N/A"))
                .add(budget.path("status").path("disruptionsAllowed").asInt(0))
                .add(Cells.age(budget, now));
    }

    private static void quota(ObjectNode quota, Instant now, ArrayNode cells) {
        var status = quota.path("status");
        var requests = new ArrayList<String>();
        var limits = new ArrayList<String>();
        var names = new ArrayList<String>();
        status.path("hard").fieldNames().forEachRemaining(names::add);
        names.sort(null);
        for (var name : names) {
            var text = name + ": " + Cells.or(status.path("used").path(name), "0") + "/"
                    + status.path("hard").path(name).asText();
            (name.startsWith("limits.") ? limits : requests).add(text);
        }
        cells.add(Cells.name(quota))
                .add(String.join(", ", requests))
                .add(String.join(", ", limits))
                .add(Cells.age(quota, now));
    }

    private static void component(ObjectNode component, Instant now, ArrayNode cells) {
        var status = "Unknown";
        var message = "";
        var error = "";
        for (var condition : component.path("conditions")) {
            if (condition.path("type").asText("").equals("Healthy")) {
                status = condition.path("status").asText("").equals("True") ? "Healthy" : "Unhealthy";
                message = condition.path("message").asText("");
                error = condition.path("error").asText("");
                break;
            }
        }
        cells.add(Cells.name(component)).add(status).add(message).add(error);
    }

    private static void priority(ObjectNode priority, Instant now, ArrayNode cells) {
        cells.add(Cells.name(priority))
                .add(priority.path("value").asInt(0))
                .add(priority.path("globalDefault").asBoolean(false))
                .add(Cells.age(priority, now))
                .add(priority.path("preemptionPolicy").asText(""));
    }

    private static void runtime(ObjectNode runtime, Instant now, ArrayNode cells) {
        cells.add(Cells.name(runtime)).add(runtime.path("handler").asText("")).add(Cells.age(runtime, now));
    }
}
