package dev.kapal.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.cel.CelMetrics;
import dev.kapal.cel.CelProgram;
import dev.kapal.cel.CompileException;
import dev.kapal.cel.CostBudget;
import dev.kapal.cel.EvaluationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The compiled expressions of a ValidatingAdmissionPolicy. Any thread.
final class Validations {
    private static final int LONGEST_MESSAGE = 5 * 1024;

    private final Composition composition;
    private final List<Validation> validations = new ArrayList<>();
    private final List<Annotation> annotations = new ArrayList<>();

    /// @param message empty for none
    /// @param reason empty for the usual one
    private record Validation(CelProgram program, Optional<CelProgram> said, String message, String reason) {}

    private record Annotation(String key, CelProgram program) {}

    /// An objection of one validation.
    ///
    /// @param failed whether the expression could not be evaluated
    record Objection(int index, String message, String reason, boolean failed) {}

    /// @param objections in order
    /// @param published the audit annotations that have a value
    /// @param broken annotations that could not be evaluated
    record Outcome(List<Objection> objections, Map<String, String> published, List<String> broken) {}

    private Validations(Composition composition) {
        this.composition = composition;
    }

    /// Throws [CompileException].
    static Validations of(JsonNode spec, CelMetrics metrics) {
        var all = new Validations(Composition.of(spec, metrics, UnaryOperator.identity()));
        var environment = all.composition.environment();
        for (var validation : spec.path("validations")) {
            var said = validation.path("messageExpression").asText("");
            all.validations.add(new Validation(
                    typed(environment.compile(validation.path("expression").asText()), "bool"),
                    said.isEmpty()
                            ? Optional.empty()
                            : Optional.of(typed(all.composition.ofMessages().compile(said), "string")),
                    validation.path("message").asText("").strip(),
                    validation.path("reason").asText("")));
        }
        for (var annotation : spec.path("auditAnnotations")) {
            all.annotations.add(new Annotation(
                    annotation.path("key").asText(),
                    environment.compile(annotation.path("valueExpression").asText())));
        }
        return all;
    }

    static CelProgram typed(CelProgram program, String wanted) {
        if (!PolicyExpressions.fits(program.resultType(), wanted)) {
            throw new CompileException("must evaluate to " + wanted);
        }
        return program;
    }

    /// @param ignores whether failing expressions object to nothing
    Outcome evaluate(Map<String, Object> given, boolean ignores) {
        var budget = CostBudget.standard();
        var values = composition.values(given, budget);
        var objections = new ArrayList<Objection>();
        for (int i = 0; i < validations.size(); i++) {
            objection(i, values, budget)
                    .filter(objection -> !(objection.failed() && ignores))
                    .ifPresent(objections::add);
        }
        var published = new LinkedHashMap<String, String>();
        var broken = new ArrayList<String>();
        for (var annotation : annotations) {
            try {
                if (annotation.program().evaluate(values, budget) instanceof String text) {
                    published.put(annotation.key(), text);
                }
            } catch (EvaluationException failed) {
                broken.add("valueExpression '" + annotation.program().expression() + "' resulted in error: "
                        + failed.getMessage());
            }
        }
        return new Outcome(objections, published, ignores ? List.of() : broken);
    }

    private Optional<Objection> objection(int index, Map<String, Object> values, CostBudget budget) {
        var validation = validations.get(index);
        var expression = validation.program().expression();
        try {
            var value = validation.program().evaluate(values, budget);
            if (Boolean.TRUE.equals(value)) {
                return Optional.empty();
            }
            var message = said(validation, values, budget).orElse(validation.message());
            return Optional.of(new Objection(
                    index,
                    message.isEmpty() ? "failed expression: " + expression.strip() : message,
                    validation.reason(),
                    false));
        } catch (EvaluationException failed) {
            return Optional.of(new Objection(
                    index,
                    "expression '" + expression + "' resulted in error: " + failed.getMessage(),
                    validation.reason(),
                    true));
        }
    }

    /// What the message's own expression gives, when it is something to show.
    private static Optional<String> said(Validation validation, Map<String, Object> values, CostBudget budget) {
        if (validation.said().isEmpty()) {
            return Optional.empty();
        }
        try {
            return validation.said().get().evaluate(values, budget) instanceof String text
                    ? Optional.of(text.strip())
                            .filter(t -> !t.isEmpty() && t.length() <= LONGEST_MESSAGE && !t.contains("\n"))
                    : Optional.empty();
        } catch (EvaluationException unsaid) {
            return Optional.empty();
        }
    }
}
