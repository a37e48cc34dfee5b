package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.cel.CelProgram;
import dev.kapal.cel.CostBudget;
import dev.kapal.cel.EvaluationException;
import dev.kapal.model.Problem;
import dev.kapal.model.Schema;
import dev.kapal.model.structural.OldItems;
import dev.kapal.model.structural.StructuralSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rules in a schema, node by node as they stand in it. Nodes without rules below them are left out. Immutable, any
/// thread. Source: `x-kubernetes-validations`.
final class RuleTree {
    private static final int MAX_MESSAGE = 5 * 1024;
    private static final String OUT_OF_BUDGET =
            "validation failed due to running out of cost budget, no further validation rules will be run";

    private final StructuralSchema schema;
    private final List<CompiledRule> rules;
    private final Map<String, RuleTree> properties = new HashMap<>();
    private final Optional<RuleTree> additional;
    private final Optional<RuleTree> items;

    private RuleTree(StructuralSchema schema) {
        this.schema = schema;
        this.rules = CompiledRule.of(schema);
        schema.properties().forEach((name, property) -> below(property).ifPresent(tree -> properties.put(name, tree)));
        this.additional = schema.additionalProperties().flatMap(RuleTree::below);
        this.items = schema.items().flatMap(RuleTree::below);
    }

    private static Optional<RuleTree> below(Schema schema) {
        return schema instanceof StructuralSchema structural && exists(structural.node())
                ? Optional.of(new RuleTree(structural))
                : Optional.empty();
    }

    static RuleTree of(StructuralSchema schema) {
        return new RuleTree(schema);
    }

    /// Whether there are rules anywhere in a schema.
    static boolean exists(JsonNode schema) {
        if (!schema.path("x-kubernetes-validations").isEmpty()) {
            return true;
        }
        for (var property : schema.path("properties")) {
            if (exists(property)) {
                return true;
            }
        }
        return schema.path("items").isObject() && exists(schema.get("items"))
                || schema.path("additionalProperties").isObject() && exists(schema.get("additionalProperties"));
    }

    /// What is wrong, and what would be, had it not been so before.
    record Findings(List<Problem> problems, List<Problem> warnings) {}

    List<Problem> check(String path, JsonNode value) {
        return check(path, value, Optional.empty()).problems();
    }

    /// @param old what the value was before an update
    Findings check(String path, JsonNode value, Optional<JsonNode> old) {
        var walk = new Walk();
        try {
            visit(walk, path, value, old, old.map(value::equals).orElse(false));
        } catch (Exhausted end) {
            walk.problems.add(end.problem);
        }
        return new Findings(walk.problems, walk.warnings);
    }

    private static final class Walk {
        private final List<Problem> problems = new ArrayList<>();
        private final List<Problem> warnings = new ArrayList<>();
        private final CostBudget budget = CostBudget.standard();
    }

    /// Ends the walk: nothing more may be evaluated.
    private static final class Exhausted extends RuntimeException {
        private final transient Problem problem;

        Exhausted(Problem problem) {
            super(null, null, false, false);
            this.problem = problem;
        }
    }

    /// @param unchanged whether this place, or the nearest place above whose old value is known, is as it was
    private void visit(Walk walk, String path, JsonNode value, Optional<JsonNode> old, boolean unchanged) {
        if (value.isNull()) {
            return;
        }
        rules.forEach(rule -> evaluate(walk, rule, path, value, old, unchanged));
        switch (value) {
            case ObjectNode object -> fields(walk, path, object, old, unchanged);
            case ArrayNode array ->
                items.ifPresent(tree -> {
                    var before = OldItems.of(schema.node(), old);
                    for (int i = 0; i < array.size(); i++) {
                        var was = before.of(array.get(i));
                        boolean same = was.map(array.get(i)::equals).orElse(unchanged);
                        tree.visit(walk, path + "[" + i + "]", array.get(i), was, same);
                    }
                });
            default -> {}
        }
    }

    private void fields(Walk walk, String path, ObjectNode object, Optional<JsonNode> old, boolean unchanged) {
        boolean correlates =
                !schema.node().path("x-kubernetes-map-type").asText("").equals("atomic");
        for (var field : object.properties()) {
            var name = field.getKey();
            var tree = Optional.ofNullable(properties.get(name)).or(() -> additional);
            if (tree.isEmpty()) {
                continue;
            }
            var at = properties.containsKey(name) ? child(path, name) : path + "[" + name + "]";
            var was = correlates ? old.map(o -> o.get(name)) : Optional.<JsonNode>empty();
            boolean same = was.map(field.getValue()::equals).orElse(unchanged);
            tree.get().visit(walk, at, field.getValue(), was, same);
        }
    }

    private static String child(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private void evaluate(
            Walk walk, CompiledRule rule, String path, JsonNode value, Optional<JsonNode> old, boolean unchanged) {
        var type = schema.node().path("type").asText("");
        if (!rule.error().isEmpty()) {
            walk.problems.add(Problem.invalid(path, type, "rule compile error: " + rule.error()));
            return;
        }
        if (rule.program().isEmpty() || rule.usesOldSelf() && old.isEmpty() && !rule.isOptional()) {
            return;
        }
        if (walk.budget.remaining() <= 0) {
            throw new Exhausted(Problem.invalid(shown(path), type, OUT_OF_BUDGET));
        }
        var variables = new HashMap<String, Object>();
        variables.put(CompiledRule.SELF, value);
        if (rule.isOptional()) {
            variables.put(CompiledRule.OLD_SELF, old);
        } else {
            old.ifPresent(o -> variables.put(CompiledRule.OLD_SELF, o));
        }
        try {
            if (Boolean.TRUE.equals(rule.program().get().evaluate(variables, walk.budget))) {
                return;
            }
        } catch (EvaluationException failed) {
            walk.problems.add(failure(failed, rule, shown(path), type));
            return;
        }
        var at = rule.field().isEmpty() ? path : child(path, rule.field());
        var detail = rule.message()
                .flatMap(program -> message(program, variables, walk.budget, shown(at), type))
                .orElseGet(() -> rule.rule().path("message").asText("").isEmpty()
                        ? "failed rule: " + rule.title()
                        : rule.title());
        var problem = problem(rule, shown(at), type, detail);
        if (unchanged && !rule.usesOldSelf()) {
            walk.warnings.add(problem);
        } else {
            walk.problems.add(problem);
        }
    }

    private static String shown(String path) {
        return path.isEmpty() ? "<nil>" : path;
    }

    private static Problem problem(CompiledRule rule, String path, String type, String detail) {
        return switch (rule.rule().path("reason").asText("")) {
            case "FieldValueForbidden" -> Problem.forbidden(path, detail);
            case "FieldValueRequired" -> Problem.required(path, detail);
            case "FieldValueDuplicate" -> Problem.duplicate(path, type);
            default -> Problem.invalid(path, type, detail);
        };
    }

    private static Problem failure(EvaluationException failed, CompiledRule rule, String path, String type) {
        return switch (failed.why()) {
            case BUDGET -> throw new Exhausted(Problem.invalid(path, type, OUT_OF_BUDGET));
            case CALL_COST, CANCELLED ->
                throw new Exhausted(Problem.invalid(
                        path,
                        type,
                        "'" + failed.getMessage() + "': no further validation rules will be run due to call cost"
                                + " exceeds limit for rule: " + rule.title()));
            case FAILED ->
                failed.getMessage().startsWith("no such overload")
                        ? Problem.invalid(
                                path,
                                type,
                                "'" + failed.getMessage() + "': call arguments did not match a supported operator,"
                                        + " function or macro signature for rule: " + rule.title())
                        : Problem.invalid(path, type, failed.getMessage() + " evaluating rule: " + rule.title());
        };
    }

    /// Empty when the expression gives nothing that could be shown; the usual message takes its place then.
    private static Optional<String> message(
            CelProgram program, Map<String, Object> variables, CostBudget budget, String path, String type) {
        try {
            var text = program.evaluate(variables, budget).toString().strip();
            boolean fits = !text.isEmpty() && text.length() <= MAX_MESSAGE && text.indexOf('\n') < 0;
            return fits ? Optional.of(text) : Optional.empty();
        } catch (EvaluationException failed) {
            return switch (failed.why()) {
                case FAILED -> Optional.empty();
                case BUDGET ->
                    throw new Exhausted(Problem.invalid(
                            path,
                            type,
                            "messageExpression evaluation failed due to running out of cost budget, no further"
                                    + " validation rules will be run"));
                case CALL_COST, CANCELLED ->
                    throw new Exhausted(Problem.invalid(
                            path,
                            type,
                            "no further validation rules will be run due to call cost exceeds limit for"
                                    + " messageExpression: \"" + program.expression() + "\""));
            };
        }
    }
}
