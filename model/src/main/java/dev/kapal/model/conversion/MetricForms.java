package dev.kapal.model.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;

/// Metrics of an autoscaler: today a metric and a target have structures of their own; in `v2beta1`, and in the
/// annotations of `v1`, all stands side by side.
final class MetricForms {
    private MetricForms() {}

    static void specToStored(ObjectNode metric) {
        Fields.object(metric, "object").ifPresent(object -> {
            Fields.rename(object, "target", "describedObject");
            name(object, "selector");
            var target = target(object, object.hasNonNull("averageValue") ? "AverageValue" : "Value");
            Fields.move(object, "targetValue", target, "value");
            Fields.move(object, "averageValue", target, "averageValue");
        });
        Fields.object(metric, "pods").ifPresent(pods -> {
            name(pods, "selector");
            Fields.move(pods, "targetAverageValue", target(pods, "AverageValue"), "averageValue");
        });
        Fields.object(metric, "resource").ifPresent(MetricForms::resourceToStored);
        Fields.object(metric, "containerResource").ifPresent(MetricForms::resourceToStored);
        Fields.object(metric, "external").ifPresent(external -> {
            name(external, "metricSelector");
            var target = target(external, external.hasNonNull("targetValue") ? "Value" : "AverageValue");
            Fields.move(external, "targetValue", target, "value");
            Fields.move(external, "targetAverageValue", target, "averageValue");
        });
    }

    private static void resourceToStored(ObjectNode resource) {
        var type = resource.hasNonNull("targetAverageUtilization") ? "Utilization" : "AverageValue";
        var target = target(resource, type);
        Fields.move(resource, "targetAverageUtilization", target, "averageUtilization");
        Fields.move(resource, "targetAverageValue", target, "averageValue");
    }

    private static ObjectNode target(ObjectNode source, String type) {
        var target = Documents.object().put("type", type);
        source.set("target", target);
        return target;
    }

    static void specToServed(ObjectNode metric) {
        Fields.object(metric, "object").ifPresent(object -> {
            var target = taken(object, "target");
            Fields.rename(object, "describedObject", "target");
            unname(object, "selector");
            object.put("targetValue", target.path("value").asText("0"));
            Fields.move(target, "averageValue", object, "averageValue");
        });
        Fields.object(metric, "pods").ifPresent(pods -> {
            unname(pods, "selector");
            pods.put(
                    "targetAverageValue",
                    taken(pods, "target").path("averageValue").asText("0"));
        });
        Fields.object(metric, "resource").ifPresent(MetricForms::resourceToServed);
        Fields.object(metric, "containerResource").ifPresent(MetricForms::resourceToServed);
        Fields.object(metric, "external").ifPresent(external -> {
            var target = taken(external, "target");
            unname(external, "metricSelector");
            Fields.move(target, "value", external, "targetValue");
            Fields.move(target, "averageValue", external, "targetAverageValue");
        });
    }

    private static void resourceToServed(ObjectNode resource) {
        var target = taken(resource, "target");
        Fields.move(target, "averageUtilization", resource, "targetAverageUtilization");
        Fields.move(target, "averageValue", resource, "targetAverageValue");
    }

    static void statusToStored(ObjectNode metric) {
        Fields.object(metric, "object").ifPresent(object -> {
            Fields.rename(object, "target", "describedObject");
            name(object, "selector");
            var current = object.putObject("current");
            Fields.move(object, "currentValue", current, "value");
            Fields.move(object, "averageValue", current, "averageValue");
        });
        Fields.object(metric, "pods").ifPresent(pods -> {
            name(pods, "selector");
            Fields.move(pods, "currentAverageValue", pods.putObject("current"), "averageValue");
        });
        Fields.object(metric, "resource").ifPresent(MetricForms::currentToStored);
        Fields.object(metric, "containerResource").ifPresent(MetricForms::currentToStored);
        Fields.object(metric, "external").ifPresent(external -> {
            name(external, "metricSelector");
            var current = external.putObject("current");
            Fields.move(external, "currentValue", current, "value");
            Fields.move(external, "currentAverageValue", current, "averageValue");
        });
    }

    private static void currentToStored(ObjectNode resource) {
        var current = resource.putObject("current");
        Fields.move(resource, "currentAverageUtilization", current, "averageUtilization");
        Fields.move(resource, "currentAverageValue", current, "averageValue");
    }

    static void statusToServed(ObjectNode metric) {
        Fields.object(metric, "object").ifPresent(object -> {
            var current = taken(object, "current");
            Fields.rename(object, "describedObject", "target");
            unname(object, "selector");
            object.put("currentValue", current.path("value").asText("0"));
            Fields.move(current, "averageValue", object, "averageValue");
        });
        Fields.object(metric, "pods").ifPresent(pods -> {
            unname(pods, "selector");
            pods.put(
                    "currentAverageValue",
                    taken(pods, "current").path("averageValue").asText("0"));
        });
        Fields.object(metric, "resource").ifPresent(MetricForms::currentToServed);
        Fields.object(metric, "containerResource").ifPresent(MetricForms::currentToServed);
        Fields.object(metric, "external").ifPresent(external -> {
            var current = taken(external, "current");
            unname(external, "metricSelector");
            external.put("currentValue", current.path("value").asText("0"));
            Fields.move(current, "averageValue", external, "currentAverageValue");
        });
    }

    private static void currentToServed(ObjectNode resource) {
        var current = taken(resource, "current");
        Fields.move(current, "averageUtilization", resource, "currentAverageUtilization");
        resource.put("currentAverageValue", current.path("averageValue").asText("0"));
    }

    /// Name and selector into a structure of their own.
    private static void name(ObjectNode source, String selector) {
        var metric = Documents.object();
        Fields.move(source, "metricName", metric, "name");
        Fields.move(source, selector, metric, "selector");
        source.set("metric", metric);
    }

    private static void unname(ObjectNode source, String selector) {
        var metric = taken(source, "metric");
        source.put("metricName", metric.path("name").asText(""));
        Fields.move(metric, "selector", source, selector);
    }

    private static ObjectNode taken(ObjectNode from, String field) {
        return from.remove(field) instanceof ObjectNode object ? object : Documents.object();
    }
}
