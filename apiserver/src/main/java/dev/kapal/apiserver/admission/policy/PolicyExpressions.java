package dev.kapal.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.cel.CelEnvironment;
import dev.kapal.cel.CelProgram;
import dev.kapal.cel.CompileException;
import dev.kapal.cel.ValueType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Tries the expressions of a new policy, so that whoever writes one hears at once what does not compile. Stateless.
public final class PolicyExpressions {
    private PolicyExpressions() {}

    /// Of the `spec` of a ValidatingAdmissionPolicy.
    public static void checkValidating(JsonNode spec, Problems problems) {
        var types = types(spec, problems);
        var environment = Composition.environment(spec, types, UnaryOperator.identity());
        var messages = Composition.ofMessages(spec, types);
        int index = 0;
        for (var validation : spec.path("validations")) {
            var path = Problems.at("spec.validations", index++);
            check(environment, path + ".expression", validation.path("expression"), List.of("bool"), problems);
            check(
                    messages,
                    path + ".messageExpression",
                    validation.path("messageExpression"),
                    List.of("string"),
                    problems);
        }
        index = 0;
        for (var annotation : spec.path("auditAnnotations")) {
            var path = Problems.at("spec.auditAnnotations", index++) + ".valueExpression";
            check(environment, path, annotation.path("valueExpression"), List.of("string", "null_type"), problems);
        }
        checkConditions(
                "spec.matchConditions",
                spec.path("matchConditions"),
                Composition.declare(spec).build(),
                problems);
    }

    /// Of the `spec` of a MutatingAdmissionPolicy.
    public static void checkMutating(JsonNode spec, Problems problems) {
        var environment = Composition.environment(spec, types(spec, problems), Mutations::declare);
        int index = 0;
        for (var mutation : spec.path("mutations")) {
            var path = Problems.at("spec.mutations", index++);
            check(
                    environment,
                    path + ".applyConfiguration.expression",
                    mutation.path("applyConfiguration").path("expression"),
                    List.of("Object"),
                    problems);
            check(
                    environment,
                    path + ".jsonPatch.expression",
                    mutation.path("jsonPatch").path("expression"),
                    List.of("list(JSONPatch)"),
                    problems);
        }
        checkConditions(
                "spec.matchConditions",
                spec.path("matchConditions"),
                Composition.declare(spec).build(),
                problems);
    }

    public static void checkConditions(
            String path, JsonNode conditions, CelEnvironment environment, Problems problems) {
        int index = 0;
        for (var condition : conditions) {
            var place = Problems.at(path, index++) + ".expression";
            check(environment, place, condition.path("expression"), List.of("bool"), problems);
        }
    }

    /// The types of a policy's variables.
    private static Map<String, ValueType> types(JsonNode spec, Problems problems) {
        Map<String, ValueType> types = new LinkedHashMap<>();
        int index = 0;
        for (var variable : spec.path("variables")) {
            var path = Problems.at("spec.variables", index++) + ".expression";
            var environment = Composition.ofVariables(spec, types);
            check(environment, path, variable.path("expression"), List.of(), problems)
                    .ifPresent(program -> types.put(variable.path("name").asText(), program.type()));
        }
        return types;
    }

    /// Whether a type can turn out to be `wanted`; an empty list is a list of anything.
    static boolean fits(String type, String wanted) {
        boolean anyList = type.equals("list(dyn)") || type.startsWith("list(_");
        return CelEnvironment.mayBe(type, wanted) || wanted.startsWith("list(") && anyList;
    }

    /// @param wanted the types that the expression may give; any for none
    private static Optional<CelProgram> check(
            CelEnvironment environment, String path, JsonNode expression, List<String> wanted, Problems problems) {
        var text = expression.asText("");
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            var program = environment.compile(text);
            var type = program.resultType();
            if (!wanted.isEmpty() && wanted.stream().noneMatch(w -> fits(type, w))) {
                problems.invalid(
                        path,
                        text,
                        wanted.size() == 1
                                ? "must evaluate to " + wanted.getFirst()
                                : "must evaluate to one of [" + String.join(" ", wanted) + "]");
            }
            return Optional.of(program);
        } catch (CompileException broken) {
            problems.invalid(path, text, broken.getMessage());
            return Optional.empty();
        }
    }
}
