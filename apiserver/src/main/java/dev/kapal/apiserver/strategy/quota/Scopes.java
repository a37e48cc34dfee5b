package dev.kapal.apiserver.strategy.quota;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which objects a quota counts. Source: core/v1 API reference, ResourceQuotaSpec.
final class Scopes {
    private static final Set<String> PODS = Set.of("pods");
    private static final Set<String> COMPUTE =
            Set.of("pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory");
    private static final Set<String> CLAIMS = Set.of("persistentvolumeclaims", "requests.storage");
    private static final Set<String> WITHOUT_VALUES =
            Set.of("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity");
    private static final List<Set<String>> CONFLICTS =
            List.of(Set.of("BestEffort", "NotBestEffort"), Set.of("Terminating", "NotTerminating"));

    private Scopes() {}

    static void check(JsonNode spec, Problems problems) {
        checkScopes(spec, problems);
        checkSelector(spec, problems);
    }

    private static void checkScopes(JsonNode spec, Problems problems) {
        var path = "spec.scopes";
        var scopes = spec.path("scopes");
        var present = new HashSet<String>();
        for (var scope : scopes) {
            var name = scope.asText();
            if (!isKnown(name)) {
                problems.invalid(path, scopes, "unsupported scope");
            }
            countUnfit(name, spec, path, scopes, problems);
            present.add(name);
        }
        for (var conflict : CONFLICTS) {
            if (present.containsAll(conflict)) {
                problems.invalid(path, scopes, "conflicting scopes");
            }
        }
    }

    private static void checkSelector(JsonNode spec, Problems problems) {
        var path = "spec.scopeSelector.matchExpressions";
        var selector = spec.path("scopeSelector");
        var present = new HashSet<String>();
        var shown = GoStruct.of(selector, "MatchExpressions[ScopeName Operator Values?]");
        for (var requirement : selector.path("matchExpressions")) {
            var name = requirement.path("scopeName").asText("");
            if (!isKnown(name)) {
                problems.invalid(path + ".scopeName", name, "unsupported scope");
            }
            countUnfit(name, spec, path, shown, problems);
            checkOperator(path, name, requirement, problems);
            present.add(name);
        }
        for (var conflict : CONFLICTS) {
            if (present.containsAll(conflict)) {
                problems.invalid(path, spec.path("scopes"), "conflicting scopes"); // not those of the selector
            }
        }
    }

    private static void checkOperator(String path, String scope, JsonNode requirement, Problems problems) {
        var operator = requirement.path("operator").asText("");
        var values = requirement.path("values");
        if (WITHOUT_VALUES.contains(scope) && !operator.equals("Exists")) {
            problems.invalid(
                    path + ".operator",
                    operator,
                    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating,"
                            + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort,"
                            + " ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity");
        }
        switch (operator) {
            case "In", "NotIn" -> {
                if (values.isEmpty()) {
                    problems.required(
                            path + ".values",
                            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.isEmpty()) {
                    problems.invalid(
                            path + ".values",
                            values,
                            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                }
            }
            default -> problems.invalid(path + ".operator", operator, "not a valid selector operator");
        }
    }

    private static void countUnfit(String scope, JsonNode spec, String path, JsonNode value, Problems problems) {
        spec.path("hard").fieldNames().forEachRemaining(resource -> {
            if (ResourceRules.isQuota(resource) && !fits(scope, resource)) {
                problems.invalid(path, value, "unsupported scope applied to resource");
            }
        });
    }

    private static boolean isKnown(String scope) {
        return WITHOUT_VALUES.contains(scope) || scope.equals("PriorityClass") || scope.equals("VolumeAttributesClass");
    }

    private static boolean fits(String scope, String resource) {
        return switch (scope) {
            case "BestEffort" -> PODS.contains(resource);
            case "Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity" ->
                COMPUTE.contains(resource);
            case "VolumeAttributesClass" -> CLAIMS.contains(resource);
            default -> true;
        };
    }
}
