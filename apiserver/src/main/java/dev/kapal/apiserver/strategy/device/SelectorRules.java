package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import java.util.List;

/// How devices are selected and tolerated. Source: resource.k8s.io/v1 API reference, DeviceSelector and
/// DeviceToleration.
final class SelectorRules {
    private static final int SELECTORS = 32;
    private static final int EXPRESSION = 10 * 1024;
    private static final List<String> OPERATORS = List.of("Equal", "Exists");
    private static final List<String> EFFECTS = List.of("NoExecute", "NoSchedule");

    private SelectorRules() {}

    static void checkSelectors(String path, JsonNode selectors, Problems problems) {
        DeviceLists.check(
                path, selectors, SELECTORS, (at, selector) -> checkSelector(at, selector, problems), problems);
    }

    private static void checkSelector(String path, JsonNode selector, Problems problems) {
        if (!selector.has("cel")) {
            problems.required(path + ".cel", "");
            return;
        }
        var expression = selector.get("cel").path("expression").asText("");
        if (expression.isEmpty()) {
            problems.required(path + ".cel.expression", "");
        } else if (expression.length() > EXPRESSION) {
            problems.tooLong(path + ".cel.expression", EXPRESSION);
        } else {
            DeviceExpressions.check(path + ".cel.expression", expression, problems);
        }
    }

    static void checkTolerations(String path, JsonNode tolerations, Problems problems) {
        for (int i = 0; i < tolerations.size(); i++) {
            checkToleration(Problems.at(path, i), tolerations.get(i), problems);
        }
    }

    private static void checkToleration(String path, JsonNode toleration, Problems problems) {
        var key = toleration.path("key").asText("");
        var operator = toleration.path("operator").asText("");
        var value = toleration.path("value").asText("");
        if (!key.isEmpty()) {
            problems.invalid(path + ".key", key, Names.qualifiedName(key));
        }
        switch (operator) {
            case "Exists" -> {
                if (!value.isEmpty()) {
                    problems.invalid(path + ".value", value, "must be empty for operator `Exists`");
                }
            }
            case "Equal" -> problems.invalid(path + ".value", value, Names.labelValue(value));
            case "" -> problems.required(path + ".operator", "");
            default -> problems.notSupported(path + ".operator", operator, OPERATORS);
        }
        var effect = toleration.path("effect").asText("");
        if (!effect.isEmpty() && !EFFECTS.contains(effect)) {
            problems.notSupported(path + ".effect", effect, EFFECTS);
        }
    }
}
