package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a delete that does not say so means for the dependents of an object.
class DependentsTest {
    private static KindFile file(String plural) {
        return KindFile.all().stream()
                .filter(f -> f.name().equals(plural))
                .findFirst()
                .orElseThrow();
    }

    private static String create(Api api, KindFile file) {
        api.post(file.path(), file.object("gone", 1).toString()).is(201);
        return file.path() + "/gone";
    }

    @ParameterizedTest
    @ValueSource(strings = {"replicationcontrollers", "jobs"})
    void areLeftAloneByTheOldestWorkloads(String plural) {
        try (var api = Api.withDefaultNamespace()) {
            var one = create(api, file(plural));

            api.delete(one).is(200);

            assertThat(api.get(one).is(200).at("metadata.finalizers")).isEqualTo("[\"orphan\"]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"deployments", "statefulsets", "cronjobs"})
    void areForTheGarbageCollectorWithTheOthers(String plural) {
        try (var api = Api.withDefaultNamespace()) {
            var one = create(api, file(plural));

            api.delete(one).is(200);

            api.get(one).is(404);
        }
    }

    @Test
    void ofAJobAreSpokenOfInAWarning() {
        try (var api = Api.withDefaultNamespace()) {
            var one = create(api, file("jobs"));

            var warnings = api.delete(one).is(200).headers().all("Warning");

            assertThat(warnings)
                    .containsExactly("299 - \"child pods are preserved by default when jobs are deleted; set"
                            + " propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress"
                            + " this warning\"");
        }
    }
}
