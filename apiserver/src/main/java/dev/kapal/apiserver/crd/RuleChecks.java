package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.cel.CelProgram;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.structural.StructuralSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// Compiles the expressions of one schema when its definition is written, and adds up what they can cost. One schema,
/// one thread.
final class RuleChecks {
    private static final double PER_EXPRESSION = 10_000_000;
    private static final double PER_SCHEMA = 100_000_000;
    private static final int NAMED = 4;
    private static final GroupVersionKind NO_KIND = new GroupVersionKind("", "", "");

    private final String path;
    private final boolean unchanged;
    private final List<Cost> costs = new ArrayList<>();

    private record Cost(String path, double cost) {}

    /// @param unchanged whether the schema was accepted before: its cost is no reason to refuse it now
    RuleChecks(ObjectNode schema, String path, boolean unchanged) {
        this.path = path;
        this.unchanged = unchanged;
    }

    /// A node with how often it can occur in one object.
    ///
    /// @param occurrences empty when only the size of a request limits it
    record Place(Optional<StructuralSchema> schema, OptionalDouble occurrences) {
        static Place root(ObjectNode schema) {
            var node = new StructuralSchema.Resource("", NO_KIND, List.of(), false, () -> false);
            return new Place(Optional.of(StructuralSchema.root(schema, node)), OptionalDouble.of(1));
        }

        Place property(String name, JsonNode node) {
            boolean known = schema.isPresent() && node.isObject();
            return known ? new Place(Optional.of(StructuralSchema.of((ObjectNode) node)), occurrences) : this;
        }

        Place items(JsonNode list) {
            return many(list.get("items"), list.path("maxItems"));
        }

        Place values(JsonNode map) {
            return many(map.get("additionalProperties"), map.path("maxProperties"));
        }

        private Place many(JsonNode node, JsonNode limit) {
            var times = occurrences.isPresent() && limit.isNumber()
                    ? OptionalDouble.of(occurrences.getAsDouble() * limit.asDouble())
                    : OptionalDouble.empty();
            return new Place(Optional.of(StructuralSchema.of((ObjectNode) node)), times);
        }
    }

    /// @param uncorrelated the part of the schema that has no old value, empty when there is one
    void check(Place place, String path, String uncorrelated, Problems problems) {
        var schema = place.schema().orElseThrow();
        int i = 0;
        for (var rule : CompiledRule.of(schema)) {
            check(rule, place, path + ".x-kubernetes-validations[" + i++ + "]", uncorrelated, problems);
        }
    }

    private void check(CompiledRule rule, Place place, String path, String uncorrelated, Problems problems) {
        rule.program().ifPresent(p -> cost(p, place, path + ".rule", "estimated rule cost", problems));
        if (!rule.error().isEmpty()) {
            problems.invalid(path + ".rule", rule.shown(), rule.error());
        }
        if (!rule.messageError().isEmpty()) {
            problems.invalid(path + ".messageExpression", rule.shown(), rule.messageError());
        } else {
            rule.message()
                    .ifPresent(p ->
                            cost(p, place, path + ".messageExpression", "estimated messageExpression cost", problems));
        }
        if (rule.usesOldSelf()) {
            if (!uncorrelated.isEmpty()) {
                problems.invalid(
                        path + ".rule",
                        rule.rule().path("rule"),
                        "oldSelf cannot be used on the uncorrelatable portion of the schema within " + uncorrelated);
            }
        } else if (rule.error().isEmpty() && rule.rule().has("optionalOldSelf")) {
            problems.invalid(
                    path + ".optionalOldSelf",
                    rule.rule().get("optionalOldSelf"),
                    "may not be set if oldSelf is not used in rule");
        }
    }

    private void cost(CelProgram program, Place place, String path, String what, Problems problems) {
        double times = place.occurrences()
                .orElseGet(() -> CelProgram.occurrences(place.schema().orElseThrow()));
        double cost = program.worstCost() * times;
        costs.add(new Cost(path, cost));
        if (!unchanged && cost > PER_EXPRESSION) {
            problems.forbidden(path, exceeds(what, cost, PER_EXPRESSION));
        }
    }

    /// Adds a problem when all expressions together can cost too much.
    void total(Problems problems) {
        double total = costs.stream().mapToDouble(Cost::cost).sum();
        if (total <= PER_SCHEMA) {
            return;
        }
        costs.stream()
                .sorted(Comparator.comparingDouble(Cost::cost).reversed())
                .limit(NAMED)
                .forEach(cost -> problems.forbidden(
                        cost.path(),
                        "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"));
        problems.forbidden(
                path,
                exceeds(
                        "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
                        total,
                        PER_SCHEMA));
    }

    private static String exceeds(String what, double cost, double limit) {
        double factor = cost / limit;
        String times;
        if (factor > 100) {
            times = "more than 100x";
        } else {
            times = String.format(Locale.ROOT, factor < 1.5 ? "%fx" : "%.1fx", factor);
        }
        return what + " exceeds budget by factor of " + times + " (try simplifying the rule, or adding maxItems,"
                + " maxProperties, and maxLength where arrays, maps, and strings are declared)";
    }
}
