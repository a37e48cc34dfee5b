package dev.kapal.model.codec;

import static dev.kapal.model.Trees.apps;
import static dev.kapal.model.Trees.bytes;
import static dev.kapal.model.Trees.core;
import static dev.kapal.model.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldCheckTest {

    @Test
    void namesUnknownAndDuplicateFieldsInTheOrderOfTheDocument() {
        var decoded = new DocumentDecoder().decode(bytes("""
                                {"metadata":{"name":"a","nick":"b"},"spec":{"unknown1":1,"unknownDupe":1,"unknownDupe":2,
                                "paused":true,"paused":false,"template":{"metadata":{"labels":{"a":"1","a":"2"}},"spec":{
                                "containers":[{"name":"c","nested":1,"image":"x","image":"y"}]}}}}"""), MediaType.JSON);
        assertThat(FieldCheck.strictError(FieldCheck.strict(apps("Deployment"), decoded)))
                .isEqualTo("strict decoding error: unknown field \"metadata.nick\", unknown field \"spec.unknown1\","
                        + " unknown field \"spec.unknownDupe\", duplicate field \"spec.paused\", duplicate field"
                        + " \"spec.template.metadata.labels.a\", unknown field \"spec.template.spec.containers[0].nested\","
                        + " duplicate field \"spec.template.spec.containers[0].image\"");
    }

    @Test
    void complainsOfAHundredFieldsAtMost() {
        var many = "{" + "\"a\":1,".repeat(1_000) + "\"b\":{" + "\"c\":1,".repeat(1_000) + "\"d\":1}}";
        assertThat(new DocumentDecoder().decode(bytes(many), MediaType.JSON).duplicates())
                .hasSize(100);
        var unknown = tree(
                "{" + IntStream.range(0, 1_000).mapToObj(i -> "f" + i + ": 1").collect(Collectors.joining(",")) + "}");
        assertThat(FieldCheck.unknown(core("ConfigMap"), unknown)).hasSize(100);
    }

    @Test
    void yamlDuplicatesKeepTheirOwnWords() {
        var decoded = new DocumentDecoder().decode(bytes("data:\n  a: '1'\n  a: '2'\n"), MediaType.YAML);
        assertThat(FieldCheck.strict(core("ConfigMap"), decoded))
                .containsExactly("yaml: unmarshal errors:\n  line 3: key \"a\" already set in map");
    }

    @Test
    void anythingIsKnownBelowFreeForm() {
        assertThat(FieldCheck.unknown(
                        core("ConfigMap"), tree("{data: {any: x}, metadata: {managedFields: [{fieldsV1: {f: {}}}]}}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{spec: {replicas: x}}|json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
                "{spec: {replicas: 1.5}}|json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32",
                "{spec: {replicas: 3000000000}}|json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32",
                "{spec: []}|json: cannot unmarshal array into Go struct field Deployment.spec of type v1.DeploymentSpec",
                "{metadata: {labels: {a: 1}}}|json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
                "{metadata: {labels: []}}|json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string",
                "{metadata: {creationTimestamp: x}}|parsing time \"x\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\"",
                "{metadata: {creationTimestamp: 1}}|json: cannot unmarshal number into Go value of type string",
                "{spec: {paused: 'yes'}}|json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool",
                "{spec: {strategy: {rollingUpdate: {maxSurge: true}}}}|json: cannot unmarshal bool into Go value of type int32",
                "{spec: {template: {spec: {containers: {}}}}}|json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container",
                "{spec: {template: {spec: {containers: [{env: [{name: a, value: 1}]}]}}}}|json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string",
                "{spec: {template: {spec: {containers: [{resources: {limits: {cpu: 1x}}}]}}}}|quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
            })
    void refusesValuesOfAWrongType(String yaml, String message) {
        assertThatThrownBy(() -> FieldCheck.types(apps("Deployment"), tree(yaml)))
                .isInstanceOf(DecodeException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "YQ==,",
        "YWI=,",
        "'',",
        "a,illegal base64 data at input byte 0",
        "a?b=,illegal base64 data at input byte 1"
    })
    void wantsBase64(String text, String message) {
        var secret = tree("{data: {a: '" + text + "'}}");
        if (message == null) {
            assertThatCode(() -> FieldCheck.types(core("Secret"), secret)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> FieldCheck.types(core("Secret"), secret)).hasMessage(message);
        }
    }

    @Test
    void pruningGivesWhatATypedObjectWouldBeWrittenAs() {
        var pod = tree("""
                metadata:
                  name: a
                  creationTimestamp: 2024-01-02T03:04:05.678+02:00
                  labels: {}
                  annotations: {empty: null}
                  finalizers: []
                  what: 1
                spec:
                  nodeName: ""
                  hostNetwork: false
                  terminationGracePeriodSeconds: 0
                  automountServiceAccountToken: false
                  securityContext: {}
                  volumes: [{name: v, hostPath: {path: /, type: ""}}]
                  containers:
                  - name: c
                    image: null
                    resources: {limits: {cpu: 0.5, memory: 1024Mi}}
                    env: [{name: A, value: ""}]
                """);
        FieldCheck.prune(core("Pod"), pod);
        assertThat(pod).isEqualTo(tree("""
                                metadata: {name: a, creationTimestamp: "2024-01-02T01:04:05Z", annotations: {empty: ""}}
                                spec:
                                  terminationGracePeriodSeconds: 0
                                  automountServiceAccountToken: false
                                  securityContext: {}
                                  volumes: [{name: v, hostPath: {path: /, type: ""}}]
                                  containers:
                                  - {name: c, resources: {limits: {cpu: 500m, memory: 1Gi}}, env: [{name: A}]}
                                """));
    }

    @Test
    void microTimesKeepSixDigits() {
        var library = dev.kapal.model.SchemaLibrary.builtIn();
        var lease = tree("{spec: {renewTime: '2024-01-02T03:04:05Z'}}");
        FieldCheck.prune(library.schema("io.k8s.api.coordination.v1.Lease"), lease);
        assertThat(lease.at("/spec/renewTime").textValue()).isEqualTo("2024-01-02T03:04:05.000000Z");
    }
}
