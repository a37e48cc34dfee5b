package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.List;

/// Node and pod affinity in a pod's specification.
public final class AffinityRules {
    static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    private AffinityRules() {}

    static void check(String path, JsonNode affinity, Problems problems) {
        checkNode(path + ".nodeAffinity", affinity.path("nodeAffinity"), problems);
        for (var kind : List.of("podAffinity", "podAntiAffinity")) {
            checkPods(path + "." + kind, affinity.path(kind), problems);
        }
    }

    private static void checkNode(String path, JsonNode affinity, Problems problems) {
        if (affinity.has(REQUIRED)) {
            checkNodeSelector(path + "." + REQUIRED, affinity.get(REQUIRED), problems);
        }
        var preferred = affinity.path(PREFERRED);
        for (int i = 0; i < preferred.size(); i++) {
            var at = Problems.at(path + "." + PREFERRED, i);
            checkWeight(at, preferred.get(i), problems);
            checkNodeTerm(at + ".preference", preferred.get(i).path("preference"), false, problems);
        }
    }

    /// A selector of nodes has at least one term.
    public static void checkNodeSelector(String path, JsonNode selector, Problems problems) {
        var terms = selector.path("nodeSelectorTerms");
        var at = path + ".nodeSelectorTerms";
        if (terms.isEmpty()) {
            problems.required(at, "must have at least one node selector term");
        }
        for (int i = 0; i < terms.size(); i++) {
            checkNodeTerm(Problems.at(at, i), terms.get(i), true, problems);
        }
    }

    /// @param strict whether values must be ones that labels can have; a wish that nobody fulfils does no harm
    private static void checkNodeTerm(String path, JsonNode term, boolean strict, Problems problems) {
        var expressions = term.path("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            var at = Problems.at(path + ".matchExpressions", i);
            var expression = expressions.get(i);
            var key = expression.path("key").asText("");
            var values = expression.path("values");
            switch (expression.path("operator").asText("")) {
                case "In", "NotIn" -> {
                    if (values.isEmpty()) {
                        problems.required(at + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (!values.isEmpty()) {
                        problems.forbidden(
                                at + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    }
                }
                case "Gt", "Lt" -> {
                    if (values.size() != 1) {
                        problems.required(
                                at + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
                    }
                }
                default ->
                    problems.invalid(
                            at + ".operator", expression.path("operator").asText(""), "not a valid selector operator");
            }
            problems.invalid(at + ".key", key, Names.qualifiedName(key));
            for (int j = 0; strict && j < values.size(); j++) {
                var value = values.get(j).asText();
                problems.invalid(Problems.at(at + ".values", j), value, Names.labelValue(value));
            }
        }
        var fields = term.path("matchFields");
        for (int i = 0; i < fields.size(); i++) {
            checkNodeField(Problems.at(path + ".matchFields", i), fields.get(i), problems);
        }
    }

    /// Of the fields of a node only its name can be asked for.
    private static void checkNodeField(String path, JsonNode requirement, Problems problems) {
        var operator = requirement.path("operator").asText("");
        var values = requirement.path("values");
        if (!operator.equals("In") && !operator.equals("NotIn")) {
            problems.invalid(path + ".operator", operator, "not a valid selector operator");
        } else if (values.size() != 1) {
            problems.required(
                    path + ".values",
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
        var key = requirement.path("key").asText("");
        if (!key.equals("metadata.name")) {
            problems.invalid(path + ".key", key, "not a valid field selector key");
            return;
        }
        for (int i = 0; i < values.size(); i++) {
            var name = values.get(i).asText();
            problems.invalid(Problems.at(path + ".values", i), name, Names.dns1123Subdomain(name));
        }
    }

    private static void checkPods(String path, JsonNode affinity, Problems problems) {
        var required = affinity.path(REQUIRED);
        for (int i = 0; i < required.size(); i++) {
            checkPodTerm(Problems.at(path + "." + REQUIRED, i), required.get(i), problems);
        }
        var preferred = affinity.path(PREFERRED);
        for (int i = 0; i < preferred.size(); i++) {
            var at = Problems.at(path + "." + PREFERRED, i);
            checkWeight(at, preferred.get(i), problems);
            checkPodTerm(at + ".podAffinityTerm", preferred.get(i).path("podAffinityTerm"), problems);
        }
    }

    private static void checkPodTerm(String path, JsonNode term, Problems problems) {
        for (var selector : List.of("labelSelector", "namespaceSelector")) {
            WorkloadRules.checkSelectorFields(path + "." + selector, term.path(selector), problems);
        }
        for (var namespace : term.path("namespaces")) {
            problems.invalid(path + ".namespace", namespace.asText(), Names.dns1123Label(namespace.asText()));
        }
        LabelKeys.check(path, term, problems);
        LabelKeys.checkRepeated(path, term, problems);
        LabelKeys.checkDisjoint(path, term, problems);
        var key = term.path("topologyKey").asText("");
        if (key.isEmpty()) {
            problems.required(path + ".topologyKey", "can not be empty");
        }
        problems.invalid(path + ".topologyKey", key, Names.qualifiedName(key));
    }

    private static void checkWeight(String path, JsonNode preferred, Problems problems) {
        long weight = preferred.path("weight").asLong(0);
        if (weight < 1 || weight > 100) {
            problems.invalid(path + ".weight", weight, "must be in the range 1-100");
        }
    }
}
