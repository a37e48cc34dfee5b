package dev.kapal.model.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Autoscalers of the older versions. What a version has no field for lives in annotations, so that nothing is lost by
/// reading and writing back. Source: `autoscaling` API, the annotations `autoscaling.alpha.kubernetes.io/*`.
sealed interface AutoscalerSpoke extends Spoke {
    String METRICS = "autoscaling.alpha.kubernetes.io/metrics";
    String CURRENT_METRICS = "autoscaling.alpha.kubernetes.io/current-metrics";
    String CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";
    String BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";
    List<String> ALL = List.of(METRICS, CURRENT_METRICS, CONDITIONS, BEHAVIOR);
    int DEFAULT_CPU_PERCENT = 80;

    static Spoke of(String version) {
        return switch (version) {
            case "v1" -> new OfV1();
            case "v2beta1" -> new OfV2Beta1();
            default -> new OfV2Beta2();
        };
    }

    /// Everything but the average use of processors is in annotations.
    final class OfV1 implements AutoscalerSpoke {
        @Override
        public void toStored(ObjectNode document) {
            var spec = Fields.object(document, "spec").orElseGet(() -> document.putObject("spec"));
            var metrics = Documents.object().putArray("metrics");
            var percent = spec.remove("targetCPUUtilizationPercentage");
            if (percent != null && !percent.isNull()) {
                metrics.add(cpu(percent.asInt()));
            }
            array(Fields.takeAnnotation(document, METRICS))
                    .ifPresent(others -> others.forEach(metric -> {
                        if (metric instanceof ObjectNode object) {
                            MetricForms.specToStored(object);
                            metrics.add(object);
                        }
                    }));
            if (metrics.isEmpty()) {
                metrics.add(cpu(DEFAULT_CPU_PERCENT));
            }
            spec.set("metrics", metrics);
            parsed(Fields.takeAnnotation(document, BEHAVIOR))
                    .filter(ObjectNode.class::isInstance)
                    .ifPresent(behavior -> spec.set("behavior", BehaviorText.read(behavior)));
            statusToStored(document);
        }

        private static void statusToStored(ObjectNode document) {
            var status = Fields.object(document, "status").orElseGet(() -> document.putObject("status"));
            var percent = status.remove("currentCPUUtilizationPercentage");
            if (percent != null && !percent.isNull()) {
                var metric = status.putArray("currentMetrics").addObject().put("type", "Resource");
                metric.putObject("resource")
                        .put("name", "cpu")
                        .set("current", Fields.objectOf("averageUtilization", percent));
            }
            // these have more to say
            array(Fields.takeAnnotation(document, CURRENT_METRICS)).ifPresent(metrics -> {
                metrics.forEach(metric -> {
                    if (metric instanceof ObjectNode object) {
                        MetricForms.statusToStored(object);
                    }
                });
                status.set("currentMetrics", metrics);
            });
            array(Fields.takeAnnotation(document, CONDITIONS))
                    .ifPresent(conditions -> status.set("conditions", conditions));
        }

        @Override
        public void toServed(ObjectNode document) {
            ALL.forEach(annotation -> Fields.takeAnnotation(document, annotation));
            Fields.object(document, "spec").ifPresent(spec -> {
                var others = Documents.object().putArray("metrics");
                if (spec.remove("metrics") instanceof ArrayNode metrics) {
                    metrics.forEach(metric -> {
                        var percent = cpuPercent(metric, "target");
                        if (percent.isMissingNode()) {
                            MetricForms.specToServed((ObjectNode) metric);
                            others.add(metric);
                        } else if (!spec.has("targetCPUUtilizationPercentage")) {
                            spec.set("targetCPUUtilizationPercentage", percent);
                        }
                    });
                }
                annotate(document, METRICS, others);
                if (spec.remove("behavior") instanceof ObjectNode behavior) {
                    Fields.annotate(document, BEHAVIOR, Documents.text(BehaviorText.write(behavior)));
                }
            });
            Fields.object(document, "status").ifPresent(status -> statusToServed(document, status));
        }

        private static void statusToServed(ObjectNode document, ObjectNode status) {
            if (status.remove("currentMetrics") instanceof ArrayNode metrics) {
                metrics.forEach(metric -> {
                    var percent = cpuPercent(metric, "current");
                    if (!percent.isMissingNode()) {
                        status.set("currentCPUUtilizationPercentage", percent);
                    }
                    MetricForms.statusToServed((ObjectNode) metric);
                });
                annotate(document, CURRENT_METRICS, metrics);
            }
            if (status.remove("conditions") instanceof ArrayNode conditions) {
                annotate(document, CONDITIONS, conditions);
            }
            for (var required : List.of("currentReplicas", "desiredReplicas")) {
                if (!status.has(required)) {
                    status.put(required, 0);
                }
            }
        }

        private static JsonNode cpuPercent(JsonNode metric, String field) {
            var resource = metric.path("resource");
            boolean cpu = metric.path("type").asText().equals("Resource")
                    && resource.path("name").asText().equals("cpu");
            var percent = resource.path(field).path("averageUtilization");
            return cpu && percent.isNumber() ? percent : resource.path("none of these");
        }

        private static ObjectNode cpu(int percent) {
            var metric = Documents.object().put("type", "Resource");
            metric.putObject("resource")
                    .put("name", "cpu")
                    .putObject("target")
                    .put("type", "Utilization")
                    .put("averageUtilization", percent);
            return metric;
        }
    }

    /// Metrics in the older form; only the behavior is in an annotation.
    final class OfV2Beta1 implements AutoscalerSpoke {
        @Override
        public void toStored(ObjectNode document) {
            Fields.object(document, "spec").ifPresent(spec -> {
                Fields.each(spec, "metrics", MetricForms::specToStored);
                parsed(Fields.takeAnnotation(document, BEHAVIOR))
                        .filter(ObjectNode.class::isInstance)
                        .ifPresent(behavior -> spec.set("behavior", BehaviorText.read(behavior)));
            });
            ALL.forEach(annotation -> Fields.takeAnnotation(document, annotation));
            Fields.object(document, "status")
                    .ifPresent(status -> Fields.each(status, "currentMetrics", MetricForms::statusToStored));
        }

        @Override
        public void toServed(ObjectNode document) {
            ALL.forEach(annotation -> Fields.takeAnnotation(document, annotation));
            Fields.object(document, "spec").ifPresent(spec -> {
                Fields.each(spec, "metrics", MetricForms::specToServed);
                if (spec.remove("behavior") instanceof ObjectNode behavior) {
                    Fields.annotate(document, BEHAVIOR, Documents.text(BehaviorText.write(behavior)));
                }
            });
            Fields.object(document, "status")
                    .ifPresent(status -> Fields.each(status, "currentMetrics", MetricForms::statusToServed));
        }
    }

    /// The same form; the annotations mean nothing here.
    final class OfV2Beta2 implements AutoscalerSpoke {
        @Override
        public void toStored(ObjectNode document) {
            ALL.forEach(annotation -> Fields.takeAnnotation(document, annotation));
        }

        @Override
        public void toServed(ObjectNode document) {
            toStored(document);
        }
    }

    private static void annotate(ObjectNode document, String annotation, ArrayNode values) {
        if (!values.isEmpty()) {
            Fields.annotate(document, annotation, Documents.text(values));
        }
    }

    /// What somebody wrote by hand and is no JSON is as good as nothing.
    private static Optional<JsonNode> parsed(Optional<String> annotation) {
        try {
            return annotation.map(text -> DocumentDecoder.value(text.getBytes(StandardCharsets.UTF_8)));
        } catch (DecodeException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<ArrayNode> array(Optional<String> annotation) {
        return parsed(annotation).filter(ArrayNode.class::isInstance).map(ArrayNode.class::cast);
    }
}
