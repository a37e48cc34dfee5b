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
    private static final Set<String> FROM_OUTSIDE = Set.of("External", "Object");
    private static final Set<String> TARGETS = Set.of("Utilization", "Value", "AverageValue");

    private final ReferenceRules measured;
    private final Problems problems;

    /// @param measured how objects are named
    MetricRules(ReferenceRules measured, Problems problems) {
        this.measured = measured;
        this.problems = problems;
    }

    /// @param least the number of pods that stay
    void check(String path, JsonNode metrics, long least) {
        boolean shown = false; // when no pod is there
        for (int i = 0; i < metrics.size(); i++) {
            checkMetric(Problems.at(path, i), metrics.get(i));
            shown |= FROM_OUTSIDE.contains(metrics.get(i).path("type").asText(""));
        }
        if (least == 0 && !shown) {
            problems.forbidden(
                    path, "must specify at least one Object or External metric to support scaling to zero replicas");
        }
    }

    private void checkMetric(String path, JsonNode metric) {
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
            checkSource(path + "." + present.getFirst(), present.getFirst(), metric.get(present.getFirst()));
        }
        var expected = FIELDS.getOrDefault(type, "");
        if (expected.isEmpty()) {
            problems.notSupported(path + ".type", type, TYPES); // upstream says it twice
        } else if (!present.contains(expected)) {
            problems.required(path + "." + expected, "must populate information for the given metric source");
        }
        if (present.size() > 1) {
            present.stream()
                    .filter(source -> !source.equals(expected))
                    .forEach(source ->
                            problems.forbidden(path + "." + source, "must populate the given metric source only"));
        }
    }

    private void checkSource(String path, String source, JsonNode value) {
        var target = value.path("target");
        switch (source) {
            case "object" -> {
                measured.check(path + ".describedObject", value.path("describedObject"), problems);
                checkIdentifier(path + ".metric", value.path("metric"));
                checkTarget(path + ".target", target);
                if (!target.has("value") && !target.has("averageValue")) {
                    problems.required(path + ".target.averageValue", "must set either a target value or averageValue");
                }
            }
            case "external" -> {
                checkIdentifier(path + ".metric", value.path("metric"));
                checkTarget(path + ".target", target);
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
                checkIdentifier(path + ".metric", value.path("metric"));
                checkTarget(path + ".target", target);
                if (!target.has("averageValue")) {
                    problems.required(path + ".target.averageValue", "must specify a positive target averageValue");
                }
            }
            case "containerResource" -> {
                checkResourceName(path, value);
                var container = value.path("container").asText("");
                if (container.isEmpty()) {
                    problems.required(path + ".container", "must specify a container");
                } else {
                    problems.invalid(path + ".container", container, Names.dns1123Label(container));
                }
                checkShare(path, target);
            }
            default -> {
                if (value.path("name").asText("").isEmpty()) {
                    problems.required(path + ".name", "must specify a resource name");
                }
                checkShare(path, target);
            }
        }
    }

    private void checkResourceName(String path, JsonNode value) {
        var name = value.path("name").asText("");
        if (name.isEmpty()) {
            problems.required(path + ".name", "must specify a resource name");
        } else {
            ResourceRules.checkContainerName(path + ".name", name, problems);
        }
    }

    /// Of what pods ask for.
    private void checkShare(String path, JsonNode target) {
        checkTarget(path + ".target", target);
        if (!target.has("averageUtilization") && !target.has("averageValue")) {
            problems.required(
                    path + ".target.averageUtilization", "must set either a target raw value or a target utilization");
        }
        if (target.has("averageUtilization") && target.has("averageValue")) {
            problems.forbidden(
                    path + ".target.averageValue", "may not set both a target raw value and a target utilization");
        }
    }

    private void checkIdentifier(String path, JsonNode metric) {
        var name = metric.path("name").asText("");
        if (name.isEmpty()) {
            problems.required(path + ".name", "must specify a metric name");
        } else {
            problems.invalid(path + ".name", name, Names.pathSegment(name));
        }
    }

    private void checkTarget(String path, JsonNode target) {
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
