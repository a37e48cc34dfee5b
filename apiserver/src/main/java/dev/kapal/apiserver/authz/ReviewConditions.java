package dev.kapal.apiserver.authz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.cel.CelEnvironment;
import dev.kapal.cel.CelProgram;
import dev.kapal.cel.CompileException;
import dev.kapal.cel.CostBudget;
import dev.kapal.cel.EvaluationException;
import dev.kapal.cel.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// When a webhook is asked: expressions over the question that it would get. Any thread.
final class ReviewConditions {
    static final ReviewConditions NONE = new ReviewConditions(List.of());

    private final List<CelProgram> programs;

    private ReviewConditions(List<CelProgram> programs) {
        this.programs = List.copyOf(programs);
    }

    /// @throws IllegalArgumentException when an expression makes no sense; its message is for the user
    static ReviewConditions of(List<String> expressions) {
        if (expressions.isEmpty()) {
            return NONE;
        }
        var environment = CelEnvironment.builder()
                .variable("request", ValueType.Plain.DYN)
                .build();
        var programs = new ArrayList<CelProgram>();
        for (var expression : expressions) {
            try {
                programs.add(environment.compile(expression));
            } catch (CompileException broken) {
                throw new IllegalArgumentException(
                        "matchConditions: Invalid value: \"" + expression + "\": " + broken.getMessage(), broken);
            }
        }
        return new ReviewConditions(programs);
    }

    /// One that is false decides, whatever the others do. Throws [EvaluationException] when none is and one fails.
    ///
    /// @param request the review's specification in version v1
    boolean hold(ObjectNode request) {
        EvaluationException failure = null;
        for (var program : programs) {
            try {
                if (!Boolean.TRUE.equals(program.evaluate(Map.of("request", request), CostBudget.matchConditions()))) {
                    return false;
                }
            } catch (EvaluationException failed) {
                failure = failed;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return true;
    }

    boolean isEmpty() {
        return programs.isEmpty();
    }
}
