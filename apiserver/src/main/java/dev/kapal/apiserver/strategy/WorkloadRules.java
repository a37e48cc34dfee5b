package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.kapal.model.Names;
import dev.kapal.model.select.LabelSelector;
import dev.kapal.model.select.SelectorException;
import java.util.List;

/// What holds for everything that makes pods from a template.
public final class WorkloadRules {
    private static final List<String> OPERATORS = List.of("In", "NotIn", "Exists", "DoesNotExist");

    private WorkloadRules() {}

    /// @param kind how upstream calls the owner of an empty selector
    public static void checkSelector(JsonNode spec, String kind, Problems problems) {
        var path = "spec.selector";
        var selector = spec.path("selector");
        if (selector.isMissingNode()) {
            problems.required(path, "");
            return;
        }
        checkSelectorFields(path, selector, problems);
        if (selector.path("matchLabels").isEmpty()
                && selector.path("matchExpressions").isEmpty()) {
            problems.invalid(path, selector, "empty selector is invalid for " + kind);
        }
    }

    public static void checkSelectorFields(String path, JsonNode selector, Problems problems) {
        selector.path("matchLabels").properties().forEach(label -> {
            problems.invalid(path + ".matchLabels", label.getKey(), Names.qualifiedName(label.getKey()));
            var value = label.getValue().asText();
            problems.invalid(Problems.at(path + ".matchLabels", label.getKey()), value, Names.labelValue(value));
        });
        var expressions = selector.path("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            checkExpression(Problems.at(path + ".matchExpressions", i), expressions.get(i), problems);
        }
    }

    private static void checkExpression(String path, JsonNode expression, Problems problems) {
        var operator = expression.path("operator").asText("");
        boolean hasValues = !expression.path("values").isEmpty();
        switch (operator) {
            case "In", "NotIn" -> {
                if (!hasValues) {
                    problems.required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (hasValues) {
                    problems.forbidden(
                            path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            default -> problems.invalid(path + ".operator", operator, "not a valid selector operator");
        }
        var key = expression.path("key").asText("");
        problems.invalid(path + ".key", key, Names.qualifiedName(key));
    }

    /// The template makes pods that the selector chooses and that run forever.
    ///
    /// @param kind how upstream calls the owner of a template with a deadline
    public static void checkTemplate(JsonNode spec, String kind, Problems problems) {
        var path = "spec.template";
        checkChosen(spec, problems);
        var template = spec.path("template");
        PodRules.checkTemplate(path, template, problems);
        checkEndless(path, template.path("spec"), kind, problems);
    }

    /// The selector chooses the template's labels; one that is missing chooses nothing.
    public static void checkChosen(JsonNode spec, Problems problems) {
        var labels = spec.path("template").path("metadata").path("labels");
        var selector = spec.path("selector");
        boolean chosen = !selector.isMissingNode()
                && (!isValid(selector) || LabelSelector.fromDocument(selector).matches(labels));
        if (!chosen) {
            problems.invalid(
                    "spec.template.metadata.labels",
                    labels.isMissingNode() ? NullNode.instance : labels,
                    "`selector` does not match template `labels`");
        }
    }

    public static void checkEndless(String path, JsonNode podSpec, String kind, Problems problems) {
        var policy = podSpec.path("restartPolicy").asText("");
        if (!policy.equals("Always")) {
            problems.notSupported(path + ".spec.restartPolicy", policy, List.of("Always"));
        }
        if (podSpec.has("activeDeadlineSeconds")) {
            problems.forbidden(
                    path + ".spec.activeDeadlineSeconds", "activeDeadlineSeconds in " + kind + " is not Supported");
        }
    }

    /// Whether a selector can be evaluated; what is wrong with it is told by [#checkSelectorFields].
    public static boolean isValid(JsonNode selector) {
        for (var expression : selector.path("matchExpressions")) {
            if (!OPERATORS.contains(expression.path("operator").asText(""))) {
                return false;
            }
        }
        try {
            LabelSelector.fromDocument(selector);
            return true;
        } catch (SelectorException told) {
            return false; // its fields have been complained about
        }
    }

    public static void checkSelectorKept(JsonNode spec, JsonNode before, Problems problems) {
        if (!spec.path("selector").equals(before.path("selector"))) {
            problems.invalid("spec.selector", spec.path("selector"), Problems.IMMUTABLE);
        }
    }

    public static void checkNotMore(String field, String bound, String boundName, JsonNode status, Problems problems) {
        int value = status.path(field).asInt(0);
        if (value > status.path(bound).asInt(0)) {
            problems.invalid("status." + field, value, "cannot be greater than " + boundName);
        }
    }

    /// The counts that replica sets and replication controllers report.
    public static void checkReplicaCounts(JsonNode status, Problems problems) {
        for (var field : List.of(
                "replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration")) {
            problems.notNegative("status." + field, status.path(field).asLong());
        }
        checkNotMore("fullyLabeledReplicas", "replicas", "status.replicas", status, problems);
        checkNotMore("readyReplicas", "replicas", "status.replicas", status, problems);
        checkNotMore("availableReplicas", "replicas", "status.replicas", status, problems);
        checkNotMore("availableReplicas", "readyReplicas", "readyReplicas", status, problems);
    }

    /// The count of name collisions is never negative and never falls.
    public static void checkCollisions(JsonNode status, JsonNode before, Problems problems) {
        var path = "status.collisionCount";
        long count = status.path("collisionCount").asLong(0);
        problems.notNegative(path, count);
        if (count < before.path("collisionCount").asLong(0)) {
            problems.invalid(path, count, "cannot be decremented");
        }
    }
}
