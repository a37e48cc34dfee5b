package dev.kapal.apiserver.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Problem;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.MediaType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What may stand in the schema of a definition; the cases are in `schemas.txt`.
class SchemaRulesTest {
    private static final String PATH = "spec.validation.openAPIV3Schema";

    record Case(String schema, List<String> problems) {
        @Override
        public String toString() {
            return schema;
        }
    }

    static List<Case> cases() throws IOException {
        try (var in = SchemaRulesTest.class.getResourceAsStream("schemas.txt")) {
            var cases = new ArrayList<Case>();
            for (var block : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\n")) {
                var lines = new ArrayList<>(
                        block.lines().filter(line -> !line.startsWith("#")).toList());
                cases.add(new Case(lines.removeFirst(), lines));
            }
            return cases;
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void schemasAreRefusedInUpstreamsWords(Case c) {
        var root = c.schema().startsWith("root ");
        var yaml = root
                ? "{type: object, " + c.schema().substring(5) + "}"
                : "{type: object, properties: {" + c.schema() + "}}";
        var schema = new DocumentDecoder()
                .decode(yaml.getBytes(StandardCharsets.UTF_8), MediaType.YAML)
                .document();
        var problems = new Problems();
        new SchemaRules(schema, PATH, false, Optional.empty(), problems).check();
        var messages =
                problems.found().stream().map(Problem::message).distinct().toList();
        var wanted = c.problems().stream()
                .map(problem -> problem.contains("contributed")
                        ? PATH + ".properties[a].x-kubernetes-validations[0].rule: Forbidden: contributed to estimated"
                                + " rule cost total exceeding cost limit for entire OpenAPIv3 schema"
                        : PATH + problem.replace("\\n", "\n"))
                .toList();
        assertThat(messages).containsExactlyElementsOf(wanted);
    }
}
