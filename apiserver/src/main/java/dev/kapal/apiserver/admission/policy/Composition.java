package dev.kapal.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.admission.expressions.RequestVariables;
import dev.kapal.cel.CelEnvironment;
import dev.kapal.cel.CelMetrics;
import dev.kapal.cel.CelProgram;
import dev.kapal.cel.CostBudget;
import dev.kapal.cel.EvaluationException;
import dev.kapal.cel.ValueType;
import dev.kapal.cel.ValueType.Plain;
import dev.kapal.cel.ValueType.Struct;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// What the expressions of one policy may read: the request, the namespace, the parameters, and the policy's own
/// variables, each of which may read those before it. Any thread.
///
/// Source: Kubernetes documentation, Validating Admission Policy, variable composition.
final class Composition {
    private final JsonNode spec;
    private final CelMetrics metrics;
    private final UnaryOperator<CelEnvironment.Builder> more;
    private final Map<String, CelProgram> variables = new LinkedHashMap<>();
    private final Map<String, ValueType> types = new LinkedHashMap<>();

    private Composition(JsonNode spec, CelMetrics metrics, UnaryOperator<CelEnvironment.Builder> more) {
        this.spec = spec;
        this.metrics = metrics;
        this.more = more;
    }

    /// Throws [dev.kapal.cel.CompileException].
    ///
    /// @param spec of the policy
    /// @param more declares what else there is, for other expressions than the variables'
    static Composition of(JsonNode spec, CelMetrics metrics, UnaryOperator<CelEnvironment.Builder> more) {
        var composition = new Composition(spec, metrics, more);
        for (var variable : spec.path("variables")) {
            var program = environment(spec, composition.types, builder -> builder.measured(metrics))
                    .compile(variable.path("expression").asText());
            var name = variable.path("name").asText();
            composition.variables.put(name, program);
            composition.types.put(name, program.type());
        }
        return composition;
    }

    /// What most expressions read.
    CelEnvironment environment() {
        return environment(spec, types, builder -> more.apply(builder.measured(metrics)));
    }

    /// What expressions of messages read.
    CelEnvironment ofMessages() {
        return messages(spec, types).measured(metrics).build();
    }

    static CelEnvironment environment(
            JsonNode spec, Map<String, ValueType> variables, UnaryOperator<CelEnvironment.Builder> more) {
        return more.apply(composed(declare(spec), variables)).build();
    }

    /// Variables read the request, and those before them.
    static CelEnvironment ofVariables(JsonNode spec, Map<String, ValueType> variables) {
        return environment(spec, variables, UnaryOperator.identity());
    }

    /// Messages cannot ask the authorizer.
    static CelEnvironment ofMessages(JsonNode spec, Map<String, ValueType> variables) {
        return messages(spec, variables).build();
    }

    private static CelEnvironment.Builder messages(JsonNode spec, Map<String, ValueType> variables) {
        return composed(parameterized(spec, RequestVariables.declareObjects()), variables);
    }

    /// Without variables, as match conditions are.
    static CelEnvironment.Builder declare(JsonNode spec) {
        return parameterized(spec, RequestVariables.declare());
    }

    private static CelEnvironment.Builder parameterized(JsonNode spec, CelEnvironment.Builder builder) {
        builder.variable("namespaceObject", Plain.DYN);
        return spec.path("paramKind").isObject() ? builder.variable("params", Plain.DYN) : builder;
    }

    private static CelEnvironment.Builder composed(CelEnvironment.Builder builder, Map<String, ValueType> variables) {
        return builder.variable("variables", new Struct("kubernetes.variables", Map.copyOf(variables)));
    }

    /// The values of one evaluation; a variable is computed when it is first read, at the cost of `budget`.
    Map<String, Object> values(Map<String, Object> given, CostBudget budget) {
        var values = new HashMap<>(given);
        values.put("variables", new Lazy(values, budget));
        return values;
    }

    /// One thread.
    private final class Lazy extends AbstractMap<String, Object> {
        private final Map<String, Object> given;
        private final CostBudget budget;
        private final Map<String, Object> known = new HashMap<>();

        Lazy(Map<String, Object> given, CostBudget budget) {
            this.given = given;
            this.budget = budget;
        }

        @Override
        public boolean containsKey(Object name) {
            return name instanceof String && variables.containsKey(name);
        }

        @Override
        public Object get(Object name) {
            if (!(name instanceof String text) || !variables.containsKey(text)) {
                return null;
            }
            var present = known.get(text);
            if (present != null) {
                return present;
            }
            try {
                var value = variables.get(text).evaluate(given, budget);
                known.put(text, value);
                return value;
            } catch (EvaluationException failed) {
                throw new EvaluationException(
                        failed.why(), "composited variable \"" + text + "\" fails to evaluate: " + failed.getMessage());
            }
        }

        @Override
        public Set<Map.Entry<String, Object>> entrySet() {
            var entries = new HashMap<String, Object>();
            variables.keySet().forEach(name -> entries.put(name, get(name)));
            return entries.entrySet();
        }
    }
}
