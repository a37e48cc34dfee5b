package dev.kapal.apiserver.strategy.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What an autoscaler measures: one source of the right type, and a target for it. Source: autoscaling/v2 API
/// reference,
/// MetricSpec.
final class MetricRules {
    private static final Map<String, String> FIELDS = Map.of(
            "ContainerResource", "containerResource",
            "External", "external",
            "Object", "object",
            "Pods", "pods",
            "Resource", "resource");
    private static final List<String> TYPES = List.of("ContainerResource", "External", "Object", "Pods", "Resource");
    private static final List<String> SOURCES = List.of("object", "external", "pods", "resource", "containerResource");
    private static final Set<String> TARGETS = Set.of("Utilization", "Value", "AverageValue");

    private MetricRules() {}

    static void check(String path, JsonNode metrics, Problems problems) {
        for (int i = 0; i < metrics.size(); i++) {
            checkMetric(Problems.at(path, i), metrics.get(i), problems);
        }
    }

    private static void checkMetric(String path, JsonNode metric, Problems problems) {
        var type = metric.path("type").asText("");
        if (type.isEmpty()) {
            problems.required(path + ".type", "must specify a metric source type");
        }
        if (!TYPES.contains(type)) {
            problems.notSupported(path + ".type", type, TYPES);
        }
        var present = new ArrayList<>(SOURCES);
        present.removeIf(source -> !metric.has(source));
        if (!present.isEmpty()) {
            checkSource(path + "." + present.getFirst(), present.getFirst(), metric.get(present.getFirst()), problems);
        }
        var expected = FIELDS.getOrDefault(type, "");
        if (!expected.isEmpty() && !present.contains(expected)) {
            problems.required(path + "." + expected, "must populate information for the given metric source");
        }
        if (present.size() > 1) {
            present.stream()
                    .filter(source -> !source.equals(expected))
                    .forEach(source ->
                            problems.forbidden(path + "." + source, "must populate the given metric source only"));
        }
    }

    private static void checkSource(String path, String source, JsonNode value, Problems problems) {
        var target = value.path("target");
        switch (source) {
            case "object" -> {
                AutoscalerStrategy.checkReference(path + ".describedObject", value.path("describedObject"), problems);
                checkIdentifier(path + ".metric", value.path("metric"), problems);
                checkTarget(path + ".target", target, problems);
                if (!target.has("value") && !target.has("averageValue")) {
                    problems.required(path + ".target.averageValue", "must set either a target value or averageValue");
                }
            }
            case "external" -> {
                checkIdentifier(path + ".metric", value.path("metric"), problems);
                checkTarget(path + ".target", target, problems);
                if (!target.has("value") && !target.has("averageValue")) {
                    problems.required(
                            path + ".target.averageValue",
                            "must set either a target value for metric or a per-pod target");
                }
                if (target.has("value") && target.has("averageValue")) {
                    problems.forbidden(
                            path + ".target.value", "may not set both a target value for metric and a per-pod target");
                }
            }
            case "pods" -> {
                checkIdentifier(path + ".metric", value.path("metric"), problems);
                checkTarget(path + ".target", target, problems);
                boolean positive = ResourceRules.amount(target.path("averageValue"))
                        .map(q -> q.amount().signum() > 0)
                        .orElse(false);
                if (!positive) {
                    problems.required(path + ".target.averageValue", "must specify a positive target averageValue");
                }
            }
            case "containerResource" -> {
                if (value.path("container").asText("").isEmpty()) {
                    problems.required(path + ".container", "must specify a container name");
                }
                checkResource(path, value, problems);
            }
            default -> checkResource(path, value, problems);
        }
    }

    private static void checkResource(String path, JsonNode value, Problems problems) {
        if (value.path("name").asText("").isEmpty()) {
            problems.required(path + ".name", "must specify a resource name");
        }
        var target = value.path("target");
        checkTarget(path + ".target", target, problems);
        if (!target.has("averageUtilization") && !target.has("averageValue")) {
            problems.required(
                    path + ".target.averageUtilization", "must set either a target raw value or a target utilization");
        }
        if (target.has("averageUtilization") && target.has("averageValue")) {
            problems.forbidden(
                    path + ".target.averageValue", "may not set both a target raw value and a target utilization");
        }
    }

    private static void checkIdentifier(String path, JsonNode metric, Problems problems) {
        var name = metric.path("name").asText("");
        if (name.isEmpty()) {
            problems.required(path + ".name", "must specify a metric name");
        } else {
            problems.invalid(path + ".name", name, Names.pathSegment(name));
        }
    }

    private static void checkTarget(String path, JsonNode target, Problems problems) {
        var type = target.path("type").asText("");
        if (type.isEmpty()) {
            problems.required(path + ".type", "must specify a metric target type");
        }
        if (!TARGETS.contains(type)) {
            problems.invalid(path + ".type", type, "must be either Utilization, Value, or AverageValue");
        }
        for (var field : List.of("value", "averageValue")) {
            if (ResourceRules.amount(target.path(field))
                    .map(q -> q.amount().signum() <= 0)
                    .orElse(false)) {
                problems.invalid(path + "." + field, target.get(field).asText(), "must be positive");
            }
        }
        if (target.has("averageUtilization") && target.get("averageUtilization").asLong() < 1) {
            problems.invalid(path + ".averageUtilization", target.get("averageUtilization"), "must be greater than 0");
        }
    }
}
