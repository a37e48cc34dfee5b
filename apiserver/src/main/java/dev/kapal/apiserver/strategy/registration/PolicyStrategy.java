package dev.kapal.apiserver.strategy.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.policy.PolicyExpressions;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Both kinds of policies.
final class PolicyStrategy implements Strategy {
    private static final Pattern IDENTIFIER = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");
    private static final List<String> REASONS =
            List.of("Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized");
    private static final List<String> PATCH_TYPES = List.of("ApplyConfiguration", "JSONPatch");

    private final boolean mutating;

    PolicyStrategy(boolean mutating) {
        this.mutating = mutating;
    }

    @Override
    public Set<String> keptByStatus() {
        return METADATA;
    }

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        var spec = candidate.path("spec");
        if (stored.isPresent() && stored.get().path("spec").equals(spec)) {
            return; // to compile everything again would say nothing new
        }
        MatchRules.supported("spec.failurePolicy", spec.path("failurePolicy"), MatchRules.FAILURE_POLICIES, problems);
        if (spec.path("paramKind").isObject()) {
            checkParamKind(spec.path("paramKind"), problems);
        }
        checkConstraints(spec.path("matchConstraints"), problems);
        checkVariables(spec.path("variables"), problems);
        MatchRules.conditions("spec.matchConditions", spec.path("matchConditions"), problems);
        if (mutating) {
            checkMutations(spec, problems);
            PolicyExpressions.checkMutating(spec, problems);
        } else {
            checkValidations(spec, problems);
            PolicyExpressions.checkValidating(spec, problems);
        }
    }

    private static void checkParamKind(JsonNode kind, Problems problems) {
        var version = kind.path("apiVersion").asText("");
        if (version.isEmpty()) {
            problems.required("spec.paramKind.apiVersion", "");
        } else if (version.chars().filter(c -> c == '/').count() > 1) {
            problems.invalid("spec.paramKind.apiVersion", version, "unexpected GroupVersion string: " + version);
        } else {
            var parsed = GroupVersion.parse(version);
            problems.invalid("spec.paramKind.apiVersion", parsed.version(), Names.dns1035Label(parsed.version()));
        }
        var name = kind.path("kind").asText("");
        if (name.isEmpty()) {
            problems.required("spec.paramKind.kind", "");
        }
    }

    private static void checkConstraints(JsonNode constraints, Problems problems) {
        if (!constraints.isObject()) {
            problems.required("spec.matchConstraints", "");
            return;
        }
        MatchRules.selectors("spec.matchConstraints", constraints, problems);
        MatchRules.rules("spec.matchConstraints.resourceRules", constraints.path("resourceRules"), problems);
        MatchRules.rules(
                "spec.matchConstraints.excludeResourceRules", constraints.path("excludeResourceRules"), problems);
        if (constraints.path("resourceRules").isEmpty()) {
            problems.required("spec.matchConstraints.resourceRules", "");
        }
    }

    private static void checkVariables(JsonNode variables, Problems problems) {
        var names = new HashSet<String>();
        int index = 0;
        for (var variable : variables) {
            var path = Problems.at("spec.variables", index++);
            var name = variable.path("name").asText("");
            if (name.isEmpty()) {
                problems.required(path + ".name", "name is required");
            } else if (!IDENTIFIER.matcher(name).matches()) {
                problems.invalid(path + ".name", name, "name is not a valid CEL identifier");
            } else if (!names.add(name)) {
                problems.duplicate(path + ".name", name);
            }
            if (variable.path("expression").asText("").isBlank()) {
                problems.required(path + ".expression", "expression is required");
            }
        }
    }

    private static void checkValidations(JsonNode spec, Problems problems) {
        if (spec.path("validations").isEmpty() && spec.path("auditAnnotations").isEmpty()) {
            problems.required("spec.validations", "validations or auditAnnotations must contain at least one item");
            problems.required(
                    "spec.auditAnnotations", "validations or auditAnnotations must contain at least one item");
        }
        int index = 0;
        for (var validation : spec.path("validations")) {
            checkValidation(Problems.at("spec.validations", index++), validation, problems);
        }
        var keys = new HashSet<String>();
        index = 0;
        for (var annotation : spec.path("auditAnnotations")) {
            var path = Problems.at("spec.auditAnnotations", index++);
            var key = annotation.path("key").asText("");
            if (key.isEmpty()) {
                problems.required(path + ".key", "");
            } else {
                problems.invalid(path + ".key", key, Names.qualifiedName(key));
                if (!keys.add(key)) {
                    problems.duplicate(path + ".key", key);
                }
            }
            if (annotation.path("valueExpression").asText("").isBlank()) {
                problems.required(path + ".valueExpression", "valueExpression is not specified");
            }
        }
    }

    private static void checkValidation(String path, JsonNode validation, Problems problems) {
        var expression = validation.path("expression").asText("").strip();
        var message = validation.path("message").asText("");
        var words = message.strip();
        if (expression.isEmpty()) {
            problems.required(path + ".expression", "expression is not specified");
        }
        if (!message.isEmpty() && words.isEmpty()) {
            problems.invalid(path + ".message", message, "message must be non-empty if specified");
        } else if (words.contains("\n")) {
            problems.invalid(path + ".message", message, "message must not contain line breaks");
        } else if (expression.contains("\n") && words.isEmpty()) {
            problems.required(path + ".message", "message must be specified if expression contains line breaks");
        }
        MatchRules.supported(path + ".reason", validation.path("reason"), REASONS, problems);
    }

    private static void checkMutations(JsonNode spec, Problems problems) {
        if (spec.path("mutations").isEmpty()) {
            problems.required("spec.mutations", "mutations must contain at least one item");
        }
        var reinvocation = spec.path("reinvocationPolicy");
        if (reinvocation.asText("").isEmpty()) {
            problems.required("spec.reinvocationPolicy", "");
        } else {
            MatchRules.supported("spec.reinvocationPolicy", reinvocation, MatchRules.REINVOCATIONS, problems);
        }
        int index = 0;
        for (var mutation : spec.path("mutations")) {
            var path = Problems.at("spec.mutations", index++);
            var type = mutation.path("patchType").asText("");
            if (type.isEmpty()) {
                problems.required(path + ".patchType", "");
            } else if (!PATCH_TYPES.contains(type)) {
                problems.notSupported(path + ".patchType", type, PATCH_TYPES);
            } else {
                boolean applies = type.equals("ApplyConfiguration");
                checkPatch(path, mutation, applies ? "applyConfiguration" : "jsonPatch", type, problems);
                if (mutation.has(applies ? "jsonPatch" : "applyConfiguration")) {
                    problems.invalid(
                            path + (applies ? ".jsonPatch" : ".applyConfiguration"),
                            "{}",
                            "not allowed when patchType is " + type);
                }
            }
        }
    }

    private static void checkPatch(String path, JsonNode mutation, String field, String type, Problems problems) {
        if (!mutation.has(field)) {
            problems.required(path + "." + field, "must be specified when patchType is " + type);
        } else if (mutation.path(field).path("expression").asText("").isBlank()) {
            problems.required(path + "." + field + ".expression", "expression is not specified");
        }
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
