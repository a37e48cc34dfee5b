package dev.kapal.apiserver.strategy.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import dev.kapal.model.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A job's pod failure policy. Source: batch/v1 API reference, PodFailurePolicy.
final class FailureRules {
    private static final List<String> ACTIONS = List.of("Count", "FailIndex", "FailJob", "Ignore");
    private static final List<String> OPERATORS = List.of("In", "NotIn");
    private static final List<String> STATUSES = List.of("False", "True", "Unknown");
    private static final int RULES = 20;
    private static final int CODES = 255;
    private static final int PATTERNS = 20;

    private FailureRules() {}

    static void check(String path, JsonNode spec, Problems problems) {
        if (!spec.has("podFailurePolicy")) {
            return;
        }
        var rules = spec.get("podFailurePolicy").path("rules");
        var at = path + ".podFailurePolicy.rules";
        if (rules.size() > RULES) {
            problems.tooMany(at, rules.size(), RULES);
        }
        var containers = new HashSet<String>();
        for (var list : List.of("containers", "initContainers")) {
            spec.path("template")
                    .path("spec")
                    .path(list)
                    .forEach(c -> containers.add(c.path("name").asText("")));
        }
        for (int i = 0; i < rules.size(); i++) {
            checkRule(Problems.at(at, i), rules.get(i), spec, containers, problems);
        }
    }

    private static void checkRule(
            String path, JsonNode rule, JsonNode spec, Set<String> containers, Problems problems) {
        var action = rule.path("action").asText("");
        if (action.isEmpty()) {
            problems.required(path + ".action", "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]");
        } else if (action.equals("FailIndex") && !spec.has("backoffLimitPerIndex")) {
            problems.invalid(path + ".action", action, "requires the backoffLimitPerIndex to be set");
        } else if (!ACTIONS.contains(action)) {
            problems.notSupported(path + ".action", action, ACTIONS);
        }
        boolean byCode = rule.has("onExitCodes");
        boolean byCondition = !rule.path("onPodConditions").isEmpty();
        if (byCode) {
            checkCodes(path + ".onExitCodes", rule.get("onExitCodes"), containers, problems);
        }
        if (byCondition) {
            checkConditions(path + ".onPodConditions", rule.get("onPodConditions"), problems);
        }
        if (byCode && byCondition) {
            problems.invalid(path, Problem.OMITTED, "specifying both OnExitCodes and OnPodConditions is not supported");
        } else if (!byCode && !byCondition) {
            problems.invalid(path, Problem.OMITTED, "specifying one of OnExitCodes and OnPodConditions is required");
        }
    }

    private static void checkCodes(String path, JsonNode codes, Set<String> containers, Problems problems) {
        var operator = codes.path("operator").asText("");
        if (operator.isEmpty()) {
            problems.required(path + ".operator", "valid values: [\"In\" \"NotIn\"]");
        } else if (!OPERATORS.contains(operator)) {
            problems.notSupported(path + ".operator", operator, OPERATORS);
        }
        if (codes.has("containerName")
                && !containers.contains(codes.get("containerName").asText())) {
            problems.invalid(
                    path + ".containerName",
                    codes.get("containerName").asText(),
                    "must be one of the container or initContainer names in the pod template");
        }
        checkValues(path + ".values", operator, codes.path("values"), problems);
    }

    private static void checkValues(String path, String operator, JsonNode values, Problems problems) {
        if (values.isEmpty()) {
            problems.invalid(path, values, "at least one value is required");
        } else if (values.size() > CODES) {
            problems.tooMany(path, values.size(), CODES);
        }
        var seen = new HashSet<Long>();
        boolean ordered = true;
        for (int i = 0; i < values.size(); i++) {
            long value = values.get(i).asLong();
            if (operator.equals("In") && value == 0) {
                problems.invalid(Problems.at(path, i), value, "must not be 0 for the In operator");
            }
            if (!seen.add(value)) {
                problems.duplicate(Problems.at(path, i), value);
            } else if (i > 0 && values.get(i - 1).asLong() > value) {
                ordered = false;
            }
        }
        if (!ordered) {
            problems.invalid(path, values, "must be ordered");
        }
    }

    private static void checkConditions(String path, JsonNode patterns, Problems problems) {
        if (patterns.size() > PATTERNS) {
            problems.tooMany(path, patterns.size(), PATTERNS);
        }
        for (int i = 0; i < patterns.size(); i++) {
            var at = Problems.at(path, i);
            var type = patterns.get(i).path("type").asText("");
            problems.invalid(at + ".type", type, Names.qualifiedName(type));
            var status = patterns.get(i).path("status").asText("");
            if (status.isEmpty()) {
                problems.required(at + ".status", "valid values: [\"False\" \"True\" \"Unknown\"]");
            } else if (!STATUSES.contains(status)) {
                problems.notSupported(at + ".status", status, STATUSES);
            }
        }
    }
}
