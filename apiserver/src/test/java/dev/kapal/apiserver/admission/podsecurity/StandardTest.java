package dev.kapal.apiserver.admission.podsecurity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StandardTest {

    record Case(String name, LevelVersion policy, PodView pod, String violations) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() throws IOException {
        try (var text = StandardTest.class.getResourceAsStream("cases.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .map(StandardTest::read)
                            .toList()
                            .stream();
        }
    }

    private static Case read(String line) {
        var columns = line.split("\\|", 4);
        var policy = columns[1].strip().split(":", 2);
        var spec = columns[2].strip();
        var metadata = Documents.object();
        if (spec.startsWith("annotations ")) {
            int end = spec.indexOf(';');
            metadata.set("annotations", yaml(spec.substring("annotations ".length(), end)));
            spec = spec.substring(end + 1);
        }
        return new Case(
                columns[0].strip(),
                new LevelVersion(
                        Level.of(policy[0]).orElseThrow(),
                        LevelVersion.minorOf(policy[1]).orElseThrow()),
                new PodView(metadata, yaml(spec)),
                columns[3].strip());
    }

    private static ObjectNode yaml(String text) {
        return new DocumentDecoder()
                .decode(text.getBytes(StandardCharsets.UTF_8), MediaType.YAML)
                .document();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void namesEveryViolationAsUpstreamDoes(Case row) {
        assertThat(Violation.details(Standard.violations(row.policy(), row.pod())))
                .isEqualTo(row.violations());
    }
}
