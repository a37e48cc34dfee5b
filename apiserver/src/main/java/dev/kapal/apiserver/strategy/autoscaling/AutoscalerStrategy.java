package dev.kapal.apiserver.strategy.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.DisabledFields;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import java.util.List;
import java.util.Optional;

/// Bounds in the right order, metrics that are whole, and a behaviour that can be followed. Works on `autoscaling/v2`.
final class AutoscalerStrategy implements Strategy {
    private static final List<String> SELECT = List.of("Disabled", "Max", "Min");
    private static final List<String> POLICIES = List.of("Percent", "Pods");
    private static final int LONGEST_WINDOW = 3600;
    private static final int LONGEST_PERIOD = 1800;

    /// Source: Kubernetes feature gate HPAConfigurableTolerance.
    private static final DisabledFields TOLERANCE =
            DisabledFields.of("spec.behavior.scaleUp.tolerance", "spec.behavior.scaleDown.tolerance");

    @Override
    public void onCreate(ObjectNode incoming) {
        TOLERANCE.drop(incoming);
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        TOLERANCE.drop(incoming, stored);
    }

    @Override
    public void check(ObjectNode autoscaler, Optional<ObjectNode> stored, Problems problems) {
        var spec = autoscaler.path("spec");
        var before = stored.<JsonNode>map(old -> old.path("spec")).orElse(MissingNode.getInstance());
        long least = spec.path("minReplicas").asLong(1);
        long most = spec.path("maxReplicas").asLong(0);
        int bound = before.path("minReplicas").asLong(1) == 0 ? 0 : 1; // nothing is fine for who had that before
        if (least < bound) {
            problems.invalid("spec.minReplicas", least, "must be greater than or equal to " + bound);
        }
        if (most < 1) {
            problems.invalid("spec.maxReplicas", most, "must be greater than 0");
        }
        if (spec.has("minReplicas") && most < least) {
            problems.invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`");
        }
        var target = spec.path("scaleTargetRef");
        ReferenceRules.ofTarget(target, before.path("scaleTargetRef")).check("spec.scaleTargetRef", target, problems);
        new MetricRules(ReferenceRules.ofMeasured(before.path("metrics")), problems)
                .check("spec.metrics", spec.path("metrics"), least);
        for (var direction : List.of("scaleUp", "scaleDown")) {
            if (spec.path("behavior").has(direction)) {
                checkRules("spec.behavior." + direction, spec.path("behavior").get(direction), problems);
            }
        }
    }

    private static void checkRules(String path, JsonNode rules, Problems problems) {
        if (rules.has("stabilizationWindowSeconds")) {
            long window = rules.get("stabilizationWindowSeconds").asLong();
            if (window < 0) {
                problems.invalid(path + ".stabilizationWindowSeconds", window, "must be greater than or equal to zero");
            }
            if (window > LONGEST_WINDOW) {
                problems.invalid(
                        path + ".stabilizationWindowSeconds",
                        window,
                        "must be less than or equal to " + LONGEST_WINDOW);
            }
        }
        if (rules.has("selectPolicy")) {
            var select = rules.get("selectPolicy").asText();
            if (!SELECT.contains(select)) {
                problems.notSupported(path + ".selectPolicy", select, SELECT);
            }
        }
        var policies = rules.path("policies");
        if (policies.isEmpty()) {
            problems.required(path + ".policies", "must specify at least one Policy");
        }
        for (int i = 0; i < policies.size(); i++) {
            checkPolicy(Problems.at(path + ".policies", i), policies.get(i), problems);
        }
    }

    private static void checkPolicy(String path, JsonNode policy, Problems problems) {
        var type = policy.path("type").asText("");
        if (!POLICIES.contains(type)) {
            problems.notSupported(path + ".type", type, POLICIES);
        }
        long value = policy.path("value").asLong(0);
        if (value <= 0) {
            problems.invalid(path + ".value", value, "must be greater than zero");
        }
        long period = policy.path("periodSeconds").asLong(0);
        if (period <= 0) {
            problems.invalid(path + ".periodSeconds", period, "must be greater than zero");
        }
        if (period > LONGEST_PERIOD) {
            problems.invalid(path + ".periodSeconds", period, "must be less than or equal to " + LONGEST_PERIOD);
        }
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        var status = candidate.path("status");
        for (var field : List.of("currentReplicas", "desiredReplicas")) {
            problems.notNegative("status." + field, status.path(field).asLong(0));
        }
    }
}
