package dev.kapal.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.codec.Documents;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemTest {
    record Case(Problem problem, String message) {}

    static Stream<Case> cases() {
        return Stream.of(
                new Case(Problem.required("spec.containers", ""), "spec.containers: Required value"),
                new Case(
                        Problem.required("metadata.name", "name or generateName is required"),
                        "metadata.name: Required value: name or generateName is required"),
                new Case(
                        Problem.invalid("spec.replicas", -1, "must be greater than or equal to 0"),
                        "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
                new Case(
                        Problem.invalid("metadata.name", "A\"b", "no"), "metadata.name: Invalid value: \"A\\\"b\": no"),
                new Case(Problem.invalid("spec", null, "no"), "spec: Invalid value: null: no"),
                new Case(
                        Problem.invalid("spec", Documents.object().put("a", 1), "no"),
                        "spec: Invalid value: {\"a\":1}: no"),
                new Case(Problem.invalid("spec", Problem.OMITTED, "no"), "spec: Invalid value: no"),
                new Case(
                        Problem.notSupported("spec.type", "x", List.of("b", "a")),
                        "spec.type: Unsupported value: \"x\": supported values: \"b\", \"a\""),
                new Case(
                        Problem.notSupported("spec.type", "x", Set.of("b", "a")),
                        "spec.type: Unsupported value: \"x\": supported values: \"a\", \"b\""),
                new Case(Problem.duplicate("spec.ports[1].name", "p"), "spec.ports[1].name: Duplicate value: \"p\""),
                new Case(Problem.forbidden("status", "not here"), "status: Forbidden: not here"),
                new Case(Problem.notFound("spec.x", "y"), "spec.x: Not found: \"y\""),
                new Case(Problem.tooLong("data", 9), "data: Too long: may not be more than 9 bytes"),
                new Case(Problem.tooMany("spec.list", 3, 2), "spec.list: Too many: 3: must have at most 2 items"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isWordedAsUpstreamWordsIt(Case c) {
        assertThat(c.problem().message()).isEqualTo(c.message());
    }
}
