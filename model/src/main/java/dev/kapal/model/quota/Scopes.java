package dev.kapal.model.quota;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.GroupResource;
import dev.kapal.model.Quantity;
import java.util.List;

/// Which objects a quota is about, by its scopes and its scope selector: all must match. Only pods have scopes, and
/// claims have one. Stateless.
public final class Scopes {
    private static final GroupResource PODS = new GroupResource("", "pods");
    private static final GroupResource CLAIMS = new GroupResource("", "persistentvolumeclaims");

    private Scopes() {}

    /// @param quota the `spec` of a ResourceQuota
    public static boolean match(JsonNode quota, GroupResource resource, JsonNode object) {
        for (var scope : quota.path("scopes")) {
            if (!matches(scope.asText(), "Exists", quota.path("none"), resource, object)) {
                return false;
            }
        }
        for (var selector : quota.path("scopeSelector").path("matchExpressions")) {
            var scope = selector.path("scopeName").asText();
            if (!matches(scope, selector.path("operator").asText(), selector.path("values"), resource, object)) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(
            String scope, String operator, JsonNode values, GroupResource resource, JsonNode object) {
        var spec = object.path("spec");
        if (resource.equals(CLAIMS)) {
            return scope.equals("VolumeAttributesClass")
                    && holds(spec.path("volumeAttributesClassName").asText(""), operator, values);
        }
        if (!resource.equals(PODS)) {
            return false;
        }
        return switch (scope) {
            case "Terminating" -> isTerminating(spec);
            case "NotTerminating" -> !isTerminating(spec);
            case "BestEffort" -> isBestEffort(spec);
            case "NotBestEffort" -> !isBestEffort(spec);
            case "PriorityClass" -> holds(spec.path("priorityClassName").asText(""), operator, values);
            case "CrossNamespacePodAffinity" -> reachesOtherNamespaces(spec.path("affinity"));
            default -> false;
        };
    }

    /// @param value empty for none
    private static boolean holds(String value, String operator, JsonNode values) {
        boolean listed = false;
        for (var one : values) {
            listed |= one.asText().equals(value);
        }
        return switch (operator) {
            case "Exists" -> !value.isEmpty();
            case "DoesNotExist" -> value.isEmpty();
            case "In" -> !value.isEmpty() && listed;
            case "NotIn" -> !listed;
            default -> false;
        };
    }

    private static boolean isTerminating(JsonNode spec) {
        return spec.has("activeDeadlineSeconds")
                && spec.get("activeDeadlineSeconds").asLong() >= 0;
    }

    private static boolean isBestEffort(JsonNode spec) {
        for (var list : List.of("containers", "initContainers")) {
            for (var container : spec.path(list)) {
                if (asks(container.path("resources"))) {
                    return false;
                }
            }
        }
        return !asks(spec.path("resources"));
    }

    private static boolean asks(JsonNode resources) {
        for (var field : List.of("requests", "limits")) {
            for (var name : List.of("cpu", "memory")) {
                var amount = resources.path(field).path(name);
                if (!amount.isMissingNode()
                        && Quantity.parse(amount.asText()).amount().signum() > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean reachesOtherNamespaces(JsonNode affinity) {
        for (var kind : List.of("podAffinity", "podAntiAffinity")) {
            for (var term : affinity.path(kind).path("requiredDuringSchedulingIgnoredDuringExecution")) {
                if (reaches(term)) {
                    return true;
                }
            }
            for (var weighted : affinity.path(kind).path("preferredDuringSchedulingIgnoredDuringExecution")) {
                if (reaches(weighted.path("podAffinityTerm"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean reaches(JsonNode term) {
        return !term.path("namespaces").isEmpty() || term.has("namespaceSelector");
    }
}
