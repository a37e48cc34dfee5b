package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Defaults of autoscalers that depend on other fields. Source: autoscaling/v2 API reference.
final class AutoscalingDefaults {
    private static final int UTILIZATION = 80;

    private AutoscalingDefaults() {}

    static void autoscaler(ObjectNode autoscaler) {
        if (!(autoscaler.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        if (spec.path("metrics").isEmpty()) {
            var metric = spec.putArray("metrics").addObject().put("type", "Resource");
            metric.putObject("resource")
                    .put("name", "cpu")
                    .putObject("target")
                    .put("type", "Utilization")
                    .put("averageUtilization", UTILIZATION);
        }
        if (spec.get("behavior") instanceof ObjectNode behavior) {
            var up = behavior.withObjectProperty("scaleUp");
            if (!up.hasNonNull("stabilizationWindowSeconds")) {
                up.put("stabilizationWindowSeconds", 0);
            }
            complete(up, true);
            complete(behavior.withObjectProperty("scaleDown"), false);
        }
    }

    private static void complete(ObjectNode rules, boolean up) {
        if (!rules.hasNonNull("selectPolicy")) {
            rules.put("selectPolicy", "Max");
        }
        if (!rules.hasNonNull("policies")) {
            var policies = rules.putArray("policies");
            if (up) {
                policies.addObject().put("type", "Pods").put("value", 4).put("periodSeconds", 15);
            }
            policies.addObject().put("type", "Percent").put("value", 100).put("periodSeconds", 15);
        }
    }
}
