package dev.kapal.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.admission.expressions.MatchConditions;
import dev.kapal.apiserver.admission.match.Match;
import dev.kapal.cel.CelMetrics;
import dev.kapal.cel.CompileException;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionKind;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// One policy, of either kind. Its expressions are compiled by the first request that they concern. Any thread.
///
/// @param <E> the compiled expressions
final class Policy<E> {
    private final String name;
    private final JsonNode spec;
    private final Match match;
    private final MatchConditions conditions;
    private final Supplier<E> compiler;
    /// Guarded by this.
    private E expressions;

    private String broken = "";

    Policy(String name, JsonNode spec, BiFunction<JsonNode, CelMetrics, E> compiler, CelMetrics metrics) {
        this.name = name;
        this.spec = spec;
        this.match = Match.ofPolicy(spec.path("matchConstraints"));
        this.conditions = new MatchConditions(
                spec.path("matchConditions"),
                () -> Composition.declare(spec).measured(metrics).build());
        this.compiler = () -> compiler.apply(spec, metrics);
    }

    String name() {
        return name;
    }

    Match match() {
        return match;
    }

    MatchConditions conditions() {
        return conditions;
    }

    boolean ignoresFailures() {
        return spec.path("failurePolicy").asText("Fail").equals("Ignore");
    }

    boolean mayRepeat() {
        return spec.path("reinvocationPolicy").asText("Never").equals("IfNeeded");
    }

    Optional<GroupVersionKind> paramKind() {
        var kind = spec.path("paramKind");
        return kind.isObject()
                ? Optional.of(GroupVersion.parse(kind.path("apiVersion").asText())
                        .kind(kind.path("kind").asText()))
                : Optional.empty();
    }

    /// Throws [CompileException].
    synchronized E expressions() {
        if (!broken.isEmpty()) {
            throw new CompileException(broken);
        }
        if (expressions == null) {
            try {
                expressions = compiler.get();
            } catch (CompileException unusable) {
                broken = String.valueOf(unusable.getMessage());
                throw unusable;
            }
        }
        return expressions;
    }
}
