package dev.kapal.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.cel.value.Values;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExpressionsTest {
    private static final CelEnvironment ENVIRONMENT = CelEnvironment.builder()
            .variable("object", ValueType.Plain.DYN)
            .variable("authorizer", ValueType.Plain.AUTHORIZER)
            .variable("authorizer.requestResource", ValueType.Plain.REQUEST_RESOURCE)
            .build();

    private static final byte[] OBJECT = """
            {"metadata": {"labels": {"app": "web"}},
             "spec": {"replicas": 3, "names": ["a", "b"], "ratio": 1.5, "none": null}}
            """.getBytes(StandardCharsets.UTF_8);

    record Case(String expression, String value) {
        @Override
        public String toString() {
            return expression;
        }
    }

    static List<Case> cases() throws IOException {
        try (var in = ExpressionsTest.class.getResourceAsStream("expressions.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> line.split(" => ", 2))
                    .map(parts -> new Case(parts[0], parts[1]))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void expressionsGiveWhatUpstreamGives(Case c) {
        var program = ENVIRONMENT.compile(c.expression());
        var variables = Map.of("object", Documents.read(OBJECT));
        if (c.value().startsWith("! ")) {
            assertThatThrownBy(() -> program.evaluate(variables, CostBudget.standard()))
                    .hasMessage(c.value().substring(2));
        } else {
            var value = program.evaluate(variables, CostBudget.standard());
            assertThat(Documents.text(Values.node(value))).isEqualTo(c.value());
        }
    }

    @Test
    void aVariableNobodyDeclaredIsNamedWithItsPlace() {
        assertThatThrownBy(() -> ENVIRONMENT.compile("x > 1"))
                .isInstanceOf(CompileException.class)
                .hasMessage("compilation failed: ERROR: <input>:1:1: undeclared reference to 'x' (in container '')\n"
                        + " | x > 1\n | ^");
    }

    @Test
    void typesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> ENVIRONMENT.compile("1 + 'a'"))
                .hasMessage("compilation failed: ERROR: <input>:1:3: found no matching overload for '_+_' applied to"
                        + " '(int, string)'\n | 1 + 'a'\n | ..^");
    }

    @Test
    void theResultTypeIsKnownBeforeEvaluation() {
        assertThat(ENVIRONMENT.compile("object.a").resultType()).isEqualTo("dyn");
        assertThat(ENVIRONMENT.compile("[1].map(x, string(x))").resultType()).isEqualTo("list(string)");
        assertThat(ENVIRONMENT.compile("1 < 2").resultType()).isEqualTo("bool");
    }

    @Test
    void anEndlessComputationEndsAtTheLimit() {
        var program = ENVIRONMENT.compile("[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b,"
                + " [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e,"
                + " [1,2,3,4,5,6,7,8,9,10].all(f, [1,2,3,4,5,6,7,8,9,10].all(g, true)))))))");
        assertThatThrownBy(() -> program.evaluate(Map.of(), CostBudget.standard()))
                .isInstanceOfSatisfying(
                        EvaluationException.class,
                        failure -> assertThat(failure.why()).isEqualTo(EvaluationException.Cause.CALL_COST));
    }

    @Test
    void allCallsTogetherSpendOneBudget() {
        var program = ENVIRONMENT.compile("[1, 2, 3].all(x, x > 0)");
        var budget = new CostBudget(1000, 50);
        program.evaluate(Map.of(), budget);
        assertThat(budget.remaining()).isLessThan(50);
        assertThatThrownBy(() -> {
                    while (true) {
                        program.evaluate(Map.of(), budget);
                    }
                })
                .isInstanceOfSatisfying(
                        EvaluationException.class,
                        failure -> assertThat(failure.why()).isEqualTo(EvaluationException.Cause.BUDGET));
    }

    @Test
    void theAuthorizerIsAskedWhatTheExpressionSays() {
        Authorization onlyPods = check -> new Authorization.Decision(
                check instanceof Authorization.ResourceCheck r
                        && r.resource().equals("pods")
                        && r.verb().equals("get")
                        && r.namespace().equals("a"),
                "because",
                "");
        var variables = Map.of("authorizer", onlyPods);
        assertThat(ENVIRONMENT
                        .compile("authorizer.group('').resource('pods').namespace('a').check('get').allowed()")
                        .evaluate(variables, CostBudget.standard()))
                .isEqualTo(true);
        assertThat(ENVIRONMENT
                        .compile("authorizer.serviceAccount('a', 'b').path('/x').check('get').reason()")
                        .evaluate(variables, CostBudget.standard()))
                .isEqualTo("because");
    }

    @Test
    void theResourceOfTheRequestCanBeAskedFor() {
        var resource = new Authorization.RequestResource(
                check -> new Authorization.Decision(check.verb().equals("delete"), "", ""),
                List.of("apps", "v1", "deployments", "", "a", "web"));
        assertThat(ENVIRONMENT
                        .compile("authorizer.requestResource.check('delete').allowed()")
                        .evaluate(Map.of("authorizer.requestResource", resource), CostBudget.standard()))
                .isEqualTo(true);
    }

    @Test
    void aVariableIsAskedForOnlyWhenItIsRead() {
        Supplier<Object> never = () -> {
            throw new AssertionError("asked for");
        };
        assertThat(ENVIRONMENT.compile("true || object.a").evaluate(Map.of("object", never), CostBudget.standard()))
                .isEqualTo(true);
    }

    @Test
    void anObjectThatAnExpressionMakesBecomesADocument() {
        var environment = CelEnvironment.builder()
                .variable("object", ValueType.Plain.DYN)
                .struct(new ValueType.OpenStruct("Object"))
                .build();
        var value = environment
                .compile("Object{metadata: Object.metadata{labels: {'a': string(object.n)}},"
                        + " spec: Object.spec{__if__: 1, ?none: object.?missing}}")
                .evaluate(Map.of("object", Documents.object().put("n", 1)), CostBudget.standard());
        assertThat(Documents.text(Values.node(value)))
                .isEqualTo("{\"metadata\":{\"labels\":{\"a\":\"1\"}},\"spec\":{\"if\":1}}");
    }

    @Test
    void jsonPatchesAreTypedLists() {
        var environment = CelEnvironment.builder()
                .struct(new ValueType.Struct(
                        "JSONPatch",
                        Map.of(
                                "op", ValueType.Plain.STRING,
                                "path", ValueType.Plain.STRING,
                                "from", ValueType.Plain.STRING,
                                "value", ValueType.Plain.DYN)))
                .jsonPatch()
                .build();
        var program = environment.compile("[JSONPatch{op: 'add', path: '/a/' + jsonpatch.escapeKey('b/c'), value: 1}]");
        assertThat(program.resultType()).isEqualTo("list(JSONPatch)");
        assertThat(Documents.text(Values.node(program.evaluate(Map.of(), CostBudget.standard()))))
                .isEqualTo("[{\"op\":\"add\",\"path\":\"/a/b~1c\",\"value\":1}]");
        assertThatThrownBy(() -> environment.compile("JSONPatch{opp: 'add'}"))
                .hasMessageContaining("undefined field 'opp'");
    }

    @Test
    void typedVariablesKnowTheirFields() {
        var schema = dev.kapal.model.SchemaLibrary.builtIn().schema("io.k8s.api.apps.v1.Deployment");
        var environment = CelEnvironment.builder()
                .variable("object", new ValueType.Typed("Deployment", schema))
                .build();
        assertThat(environment.compile("object.spec.replicas > 1").resultType()).isEqualTo("bool");
        assertThatThrownBy(() -> environment.compile("object.spec.replica > 1"))
                .hasMessageContaining("undefined field 'replica'");
        assertThatThrownBy(() -> environment.compile("object.metadata.name > 1"))
                .hasMessageContaining("found no matching overload for '_>_' applied to '(string, int)'");
    }

    @Test
    void namesThatAreNoIdentifiersAreEscaped() {
        assertThat(Identifiers.escape("a.b-c/d__e")).contains("a__dot__b__dash__c__slash__d__underscores__e");
        assertThat(Identifiers.unescape("a__dot__b__dash__c__slash__d__underscores__e"))
                .isEqualTo("a.b-c/d__e");
        assertThat(Identifiers.escape("namespace")).contains("__namespace__");
        assertThat(Identifiers.unescape("__namespace__")).isEqualTo("namespace");
        assertThat(Identifiers.escape("1a")).isEmpty();
    }
}
