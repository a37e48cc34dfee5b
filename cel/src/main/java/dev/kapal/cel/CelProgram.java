package dev.kapal.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.CelTypes;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.kapal.cel.library.Authorizers;
import dev.kapal.cel.value.Values;
import dev.kapal.model.Schema;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A compiled expression. Any thread.
public final class CelProgram {
    private final String expression;
    private final CelAbstractSyntaxTree ast;
    private final CelRuntime.Program program;
    private final Map<String, ValueType> variables;
    private final Optional<CelMetrics> metrics;

    CelProgram(
            String expression,
            CelAbstractSyntaxTree ast,
            CelRuntime.Program program,
            Map<String, ValueType> variables,
            Optional<CelMetrics> metrics) {
        this.metrics = metrics;
        this.expression = expression;
        this.ast = ast;
        this.program = program;
        this.variables = variables;
    }

    public String expression() {
        return expression;
    }

    /// What the expression gives: `bool`, `list(string)`, `dyn`.
    public String resultType() {
        return CelTypes.format(ast.getResultType());
    }

    public ValueType type() {
        return new ValueType.Checked(ast.getResultType());
    }

    /// Whether the expression reads this variable.
    public boolean uses(String variable) {
        return ast.getReferenceMap().values().stream()
                .anyMatch(reference -> reference.name().equals(variable));
    }

    /// The most that one evaluation can cost, told from the expression and the schemas of its variables.
    public double worstCost() {
        return CostEstimator.worst(ast, variables);
    }

    /// How often a value of this schema can occur in one request.
    public static double occurrences(Schema schema) {
        return Sizes.occurrences(schema);
    }

    /// The value: a Boolean, Long, Double, String, [java.time.Instant], [java.time.Duration], a list, a map;
    /// [Values#node(Object)] makes a document of it. Throws [EvaluationException].
    ///
    /// @param values of the variables: document nodes, values as above, an [Authorization], lists or maps of these;
    ///   a [Supplier] of one is asked when the expression reads the variable
    public Object evaluate(Map<String, ?> values, CostBudget budget) {
        long begun = metrics.map(CelMetrics::now).orElse(0L);
        var meter = new CostMeter(ast, Math.min(budget.perCall(), Math.max(0, budget.remaining())));
        try {
            return program.trace((String name) -> find(name, values), meter);
        } catch (CostMeter.Stopped stopped) {
            throw stopped(stopped.why(), budget, meter);
        } catch (CelEvaluationException failed) {
            if (failed.getCause() instanceof CostMeter.Stopped stopped) {
                throw stopped(stopped.why(), budget, meter);
            }
            throw new EvaluationException(EvaluationException.Cause.FAILED, FailureText.of(expression, failed));
        } finally {
            budget.spend(meter.cost());
            metrics.ifPresent(m -> m.evaluated(begun));
        }
    }

    private static EvaluationException stopped(EvaluationException.Cause why, CostBudget budget, CostMeter meter) {
        if (why == EvaluationException.Cause.CANCELLED) {
            return new EvaluationException(why, "operation interrupted");
        }
        boolean budgetIsUsedUp = meter.cost() <= budget.perCall();
        return new EvaluationException(
                budgetIsUsedUp ? EvaluationException.Cause.BUDGET : why,
                "operation cancelled: actual cost limit exceeded");
    }

    private Optional<Object> find(String name, Map<String, ?> values) {
        var value = values.get(name);
        return value == null ? Optional.empty() : Optional.of(adapted(value, variables.get(name)));
    }

    private static Object adapted(Object value, ValueType type) {
        return switch (value) {
            case Supplier<?> supplier -> adapted(supplier.get(), type);
            case null -> NullValue.NULL_VALUE;
            case JsonNode node ->
                type instanceof ValueType.Typed(var _, var schema) ? Values.typed(node, schema) : Values.dynamic(node);
            case Authorization.RequestResource request -> Authorizers.value(request);
            default -> value;
        };
    }
}
