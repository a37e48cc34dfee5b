package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.testkit.Conformance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The number of replicas as an object of its own.
class ScaleTest {
    @ParameterizedTest
    @CsvSource({
        "replicationcontrollers, apps-rc-scale",
        "deployments, ''",
        "replicasets, ''",
        "statefulsets, apps-statefulset-scale",
    })
    void isReadUpdatedAndPatched(String plural, String conformance, TestReporter reporter) {
        var file = KindFile.all().stream()
                .filter(f -> f.name().equals(plural))
                .findFirst()
                .orElseThrow();
        try (var api = Api.withDefaultNamespace()) {
            var one = file.path() + "/scaled";
            api.post(file.path(), file.object("scaled", 1).toString()).is(201);

            var scale = api.get(one + "/scale").is(200);
            assertThat(scale.at("kind")).isEqualTo("Scale");
            assertThat(scale.at("spec.replicas")).isEqualTo("1");
            assertThat(scale.at("status.selector")).startsWith("app=");
            var wanted = scale.json();
            wanted.withObject("/spec").put("replicas", 3);
            assertThat(api.put(one + "/scale", wanted).is(200).at("spec.replicas"))
                    .isEqualTo("3");
            assertThat(api.patch(one + "/scale", "merge-patch", "{\"spec\":{\"replicas\":2}}")
                            .is(200)
                            .at("spec.replicas"))
                    .isEqualTo("2");
            var table = api.get(one + "/scale", "application/json;as=Table;v=v1;g=meta.k8s.io")
                    .is(200);
            assertThat(table.json().path("columnDefinitions"))
                    .extracting(column -> column.path("name").asText())
                    .containsExactly("Name", "Desired", "Available", "Age");
            assertThat(table.at("rows.0.cells")).isEqualTo("[\"scaled\",2,0,\"0s\"]");
            assertThat(table.at("rows.0.object.kind")).isEqualTo("PartialObjectMetadata");
            assertThat(api.get(one).at("spec.replicas")).isEqualTo("2");
            assertThat(api.get(one).at("metadata.generation")).isEqualTo("3");
        }
        if (!conformance.isEmpty()) {
            reporter.publishEntry(Conformance.ENTRY, conformance);
        }
    }
}
