package dev.kapal.model.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.SchemaLibrary;
import dev.kapal.model.codec.CborFormat;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.FieldCheck;
import dev.kapal.model.codec.MediaType;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is written in protobuf and CBOR reads as the document that was written.
class ProtobufEncoderTest {
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              labels: {app: web}
              creationTimestamp: "2024-05-01T10:00:00Z"
              finalizers: [x/a]
              ownerReferences: [{apiVersion: v1, kind: Node, name: node, uid: u, controller: true}]
              managedFields: [{manager: m, operation: Update, apiVersion: v1, fieldsType: FieldsV1,
                fieldsV1: {"f:spec": {}}}]
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: c
                image: nginx
                ports: [{containerPort: 80, protocol: TCP}]
                resources: {requests: {cpu: 100m, memory: 1Gi}}
                livenessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 3}
                env: [{name: A, valueFrom: {configMapKeyRef: {name: m, key: k, optional: false}}}]
                readinessProbe: {tcpSocket: {port: http}}
              volumes: [{name: v, emptyDir: {}}, {name: w, configMap: {name: m, defaultMode: 420}}]
              tolerations: [{operator: Exists, tolerationSeconds: -1}]
            status: {phase: Running}
            """;

    private static ObjectNode tree(String yaml) {
        return new DocumentDecoder()
                .decode(yaml.getBytes(StandardCharsets.UTF_8), MediaType.YAML)
                .document();
    }

    private static ObjectNode decoded(byte[] body, MediaType type) {
        return new DocumentDecoder().decode(body, type).document();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                POD,
                "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {k: aGVsbG8=}, type: Opaque}",
                "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 80, targetPort: http}]}}",
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {}, template: {}, strategy:"
                        + " {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}}}",
                "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: s}, status: {replicas: 0,"
                        + " availableReplicas: 0}}",
                "{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: l}, spec: {renewTime:"
                        + " '2024-05-01T10:00:00.123456Z', leaseDurationSeconds: 40}}",
                "{apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: r}, data: {spec: {a: [1, x]}},"
                        + " revision: 3}"
            })
    void readsWhatWasWritten(String yaml) {
        var document = tree(yaml);
        var kind = GroupVersionKind.of(
                document.path("apiVersion").asText(), document.path("kind").asText());
        assertThat(ProtobufEncoder.knows(kind)).isTrue();
        var back = decoded(ProtobufEncoder.encode(document), MediaType.PROTOBUF);
        var schema = SchemaLibrary.builtIn().names().stream()
                .map(SchemaLibrary.builtIn()::schema)
                .filter(s -> s.kinds().contains(kind))
                .findFirst()
                .orElseThrow();
        FieldCheck.prune(schema, back);
        assertThat(back).isEqualTo(document);
        assertThat(decoded(CborFormat.marked(CborFormat.write(document)), MediaType.CBOR))
                .isEqualTo(document);
    }

    /// Schemas hold numbers with a point, values of any type, and schemas or something else.
    @Test
    void readsTheDefinitionOfACustomResource() {
        var document = tree("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: trees.example.com}
                spec:
                  group: example.com
                  names: {plural: trees, kind: Tree}
                  scope: Namespaced
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      subresources: {status: {}, scale: {specReplicasPath: .spec.n, statusReplicasPath: .status.n}}
                      schema:
                        openAPIV3Schema:
                          type: object
                          x-kubernetes-validations: [{rule: "true", optionalOldSelf: false}]
                          dependencies: {a: [b, c], d: {type: object}}
                          properties:
                            age: {type: number, minimum: 0, maximum: 99.5, multipleOf: 0.25, default: 1.5}
                            leaves: {type: array, items: {type: string, enum: [a, "1", null]}, minItems: 0}
                            pair: {type: array, items: [{type: string}, {type: integer}], additionalItems: false}
                            any: {type: object, additionalProperties: true, x-kubernetes-preserve-unknown-fields: true}
                            map: {type: object, additionalProperties: {type: string, default: {a: [1, x]}}}
                """);
        assertThat(decoded(ProtobufEncoder.encode(document), MediaType.PROTOBUF))
                .isEqualTo(document);
    }

    @Test
    void framesEventsByTheirLength() {
        byte[] event = ProtobufEncoder.event("ADDED", new byte[] {1, 2, 3});
        assertThat(event).startsWith(0, 0, 0, event.length - 4);
        var wire = new Wire(java.util.Arrays.copyOfRange(event, 4, event.length));
        assertThat(wire.next()).isEqualTo(1);
        assertThat(wire.block().text()).isEqualTo("ADDED");
        assertThat(wire.next()).isEqualTo(2);
        var raw = wire.block();
        assertThat(raw.next()).isEqualTo(1);
        assertThat(raw.block().copy()).containsExactly(1, 2, 3);
    }

    @Test
    void takesBytesForTextInCbor() {
        // {h'6b': h'76', "b": 22(h'6869')}
        byte[] body = {(byte) 0xa2, 0x41, 'k', 0x41, 'v', 0x61, 'b', (byte) 0xd6, 0x42, 'h', 'i'};
        assertThat(decoded(body, MediaType.CBOR)).isEqualTo(tree("{k: v, b: aGk=}"));
    }
}
