package dev.kapal.apiserver.strategy.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.policy.PolicyExpressions;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.cel.Identifiers;
import dev.kapal.model.Names;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Both kinds of policies.
final class PolicyStrategy implements Strategy {
    private static final Pattern LINE_BREAK = Pattern.compile("[\\n\\r]");
    private static final int MOST_ANNOTATIONS = 20;
    private static final int LONGEST_EXPRESSION = 5 * 1024;
    private static final List<String> REASONS =
            List.of("Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized");

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
            MutationRules.check(spec, problems);
            PolicyExpressions.checkMutating(spec, problems);
        } else {
            checkValidations(spec, problems);
            var name = candidate.path("metadata").path("name").asText("");
            checkAnnotations(name, spec.path("auditAnnotations"), problems);
            PolicyExpressions.checkValidating(spec, problems);
        }
    }

    private static void checkParamKind(JsonNode kind, Problems problems) {
        var path = "spec.paramKind.apiVersion";
        var text = kind.path("apiVersion").asText("");
        long slashes = text.chars().filter(c -> c == '/').count();
        if (text.isEmpty()) {
            problems.required(path, "");
        } else if (slashes > 1) {
            problems.invalid(path, text, "unexpected GroupVersion string: " + text);
        } else {
            var group = slashes == 0 ? "" : text.substring(0, text.indexOf('/'));
            var version = text.substring(text.indexOf('/') + 1);
            if (!group.isEmpty()) {
                together(path, group, Names.dns1123Subdomain(group), problems);
            }
            if (version.isEmpty()) {
                problems.invalid(path, text, "version must be specified");
            } else {
                together(path, version, Names.dns1035Label(version), problems);
            }
        }
        var name = kind.path("kind").asText("");
        var details = Names.dns1035Label(name.toLowerCase(Locale.ROOT));
        if (name.isEmpty()) {
            problems.required("spec.paramKind.kind", "");
        } else if (!details.isEmpty()) {
            problems.invalid(
                    "spec.paramKind.kind",
                    name,
                    "may have mixed case, but should otherwise match: " + String.join(",", details));
        }
    }

    private static void together(String path, String value, List<String> details, Problems problems) {
        if (!details.isEmpty()) {
            problems.invalid(path, value, String.join(",", details));
        }
    }

    private static void checkConstraints(JsonNode constraints, Problems problems) {
        if (!constraints.isObject()) {
            problems.required("spec.matchConstraints", "");
            return;
        }
        MatchRules.selectors("spec.matchConstraints", constraints, problems);
        for (var list : List.of("resourceRules", "excludeResourceRules")) {
            MatchRules.namedRules("spec.matchConstraints." + list, constraints.path(list), problems);
        }
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
            if (name.isBlank()) {
                problems.required(path + ".name", "name is not specified");
            } else if (!Identifiers.isIdentifier(name)) {
                problems.invalid(path + ".name", name, "name is not a valid CEL identifier");
            } else if (!names.add(name)) {
                problems.duplicate(path + ".name", name);
            }
            if (variable.path("expression").asText("").isBlank()) {
                problems.required(path + ".expression", "expression is not specified");
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
    }

    /// Their keys begin with the name of the policy.
    private static void checkAnnotations(String name, JsonNode annotations, Problems problems) {
        if (annotations.size() > MOST_ANNOTATIONS) {
            problems.invalid(
                    "spec.auditAnnotations",
                    annotations,
                    "must not have more than " + MOST_ANNOTATIONS + " auditAnnotations");
        }
        var keys = new HashSet<String>();
        for (int i = 0; i < annotations.size(); i++) {
            var path = Problems.at("spec.auditAnnotations", i);
            var key = annotations.get(i).path("key").asText("");
            var whole = name + "/" + key;
            problems.invalid(path + ".key", whole, Names.qualifiedName(whole));
            var expression =
                    annotations.get(i).path("valueExpression").asText("").strip();
            if (expression.isEmpty()) {
                problems.required(path + ".valueExpression", "valueExpression is not specified");
            } else if (expression.getBytes(StandardCharsets.UTF_8).length > LONGEST_EXPRESSION) {
                problems.required(
                        path + ".valueExpression", "must not exceed " + LONGEST_EXPRESSION + " bytes in length");
            }
            if (!keys.add(key)) {
                problems.duplicate(path + ".key", key);
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
        var computed = validation.path("messageExpression").asText("");
        if (!computed.isEmpty() && computed.isBlank()) {
            problems.invalid(path + ".messageExpression", computed, "must be non-empty if specified");
        }
        if (!message.isEmpty() && words.isEmpty()) {
            problems.invalid(path + ".message", message, "message must be non-empty if specified");
        } else if (LINE_BREAK.matcher(words).find()) {
            problems.invalid(path + ".message", message, "message must not contain line breaks");
        }
        MatchRules.supported(path + ".reason", validation.path("reason"), REASONS, problems);
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
