package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.testkit.Conformance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The rules that ConfigMaps and Secrets have in common.
class KeptDataTest {
    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({"configmaps, node-configmap-empty-key", "secrets, node-secrets-empty-key"})
    void refusesAnEmptyKey(String plural, String id, TestReporter reporter) {
        var path = "/api/v1/namespaces/default/" + plural;
        assertThat(api.post(path, "{metadata: {name: a}, data: {'': dmFsdWU=}}")
                        .is(422)
                        .at("message"))
                .contains("data[]: Invalid value: \"\": a valid config key must consist of alphanumeric characters");
        api.get(path + "/a").is(404);
        reporter.publishEntry(Conformance.ENTRY, id);
    }

    @ParameterizedTest
    @CsvSource({"configmaps, storage-configmap-immutable", "secrets, storage-secrets-immutable"})
    void changesNoMoreOnceItIsImmutable(String plural, String id, TestReporter reporter) {
        var path = "/api/v1/namespaces/default/" + plural;
        var one = path + "/a";
        api.post(path, "{metadata: {name: a}, data: {key: b25l}}").is(201);
        var object = api.get(one).json();
        object.withObject("/data").put("key", "dHdv");
        assertThat(api.put(one, object).is(200).at("data.key")).isEqualTo("dHdv");
        object = api.get(one).json();
        object.put("immutable", true);
        api.put(one, object).is(200);

        var data = api.get(one).json();
        data.withObject("/data").put("key", "dGhyZWU=");
        assertThat(api.put(one, data).is(422).at("message"))
                .endsWith("data: Forbidden: field is immutable when `immutable` is set");
        var free = api.get(one).json();
        free.put("immutable", false);
        assertThat(api.put(one, free).is(422).at("message"))
                .endsWith("immutable: Forbidden: field is immutable when `immutable` is set");

        var labelled = api.get(one).json();
        labelled.withObject("/metadata/labels").put("seen", "yes");
        assertThat(api.put(one, labelled).is(200).at("metadata.labels.seen")).isEqualTo("yes");
        assertThat(api.get(one).at("data.key")).isEqualTo("dHdv");
        api.delete(one).is(200);
        api.get(one).is(404);
        reporter.publishEntry(Conformance.ENTRY, id);
    }
}
