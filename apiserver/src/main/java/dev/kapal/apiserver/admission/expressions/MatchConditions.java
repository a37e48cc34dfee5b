package dev.kapal.apiserver.admission.expressions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.cel.CelEnvironment;
import dev.kapal.cel.CelProgram;
import dev.kapal.cel.CompileException;
import dev.kapal.cel.CostBudget;
import dev.kapal.cel.EvaluationException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The `matchConditions` of a webhook or a policy: all must hold. Compiled when first needed. Any thread.
public final class MatchConditions {
    private final List<Condition> conditions = new ArrayList<>();
    private final Supplier<CelEnvironment> environment;

    /// @param conditions `[{name, expression}]`
    public MatchConditions(JsonNode conditions, Supplier<CelEnvironment> environment) {
        this.environment = environment;
        conditions.forEach(condition -> this.conditions.add(new Condition(
                condition.path("name").asText(), condition.path("expression").asText())));
    }

    /// The environment of webhooks' conditions.
    public static CelEnvironment ofWebhooks() {
        return Webhooks.ENVIRONMENT;
    }

    /// Not loaded before the first condition.
    private static final class Webhooks {
        static final CelEnvironment ENVIRONMENT = RequestVariables.declare().build();
    }

    /// One condition; compiled once, by whichever thread comes first.
    private final class Condition {
        private final String name;
        private final String expression;
        private CelProgram program;
        private String broken = "";

        Condition(String name, String expression) {
            this.name = name;
            this.expression = expression;
        }

        synchronized CelProgram program() {
            if (program == null && broken.isEmpty()) {
                try {
                    program = environment.get().compile(expression);
                } catch (CompileException unusable) {
                    broken = unusable.getMessage();
                }
            }
            if (program == null) {
                throw new EvaluationException(EvaluationException.Cause.FAILED, broken);
            }
            return program;
        }
    }

    /// What the conditions say.
    public sealed interface Outcome {
        record Holds() implements Outcome {}

        /// @param condition the name of one that is false
        record DoesNotHold(String condition) implements Outcome {}

        /// None is false, but not all could be evaluated.
        record Failed(String why) implements Outcome {}
    }

    public Outcome evaluate(Supplier<Map<String, Object>> values) {
        if (conditions.isEmpty()) {
            return new Outcome.Holds();
        }
        var budget = CostBudget.matchConditions();
        var variables = values.get();
        var failures = new LinkedHashSet<String>();
        for (var condition : conditions) {
            try {
                if (!Boolean.TRUE.equals(condition.program().evaluate(variables, budget))) {
                    return new Outcome.DoesNotHold(condition.name);
                }
            } catch (EvaluationException failed) {
                failures.add("expression '" + condition.expression + "' resulted in error: " + failed.getMessage());
            }
        }
        return failure(failures).<Outcome>map(Outcome.Failed::new).orElseGet(Outcome.Holds::new);
    }

    private static Optional<String> failure(LinkedHashSet<String> failures) {
        return switch (failures.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(failures.getFirst());
            default -> Optional.of("[" + String.join(", ", failures) + "]");
        };
    }
}
