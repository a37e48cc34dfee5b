package dev.kapal.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What people see: every case is an object in YAML and its cells.
class TablesTest {
    private static final Instant NOW = Instant.parse("2025-01-01T01:00:00Z");
    private static final ResourceRegistry REGISTRY = ResourceRegistry.builtIn();

    record Case(String name, String group, String resource, String object, String cells) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case pod(String name, String rest, String cells) {
        return new Case(
                name,
                "",
                "pods",
                "{metadata: {name: p, creationTimestamp: '2025-01-01T00:55:00Z'%s}".formatted(rest),
                "[\"p\"," + cells + "]");
    }

    static Stream<Case> cases() {
        var one = ", spec: {containers: [{name: c}]}";
        return Stream.of(
                pod(
                        "a pod that waits for a node",
                        "}" + one + ", status: {phase: Pending}}",
                        "\"0/1\",\"Pending\",\"0\",\"5m\",\"<none>\",\"<none>\",\"<none>\",\"<none>\""),
                pod(
                        "a pod that runs",
                        "}, spec: {nodeName: n1, containers: [{name: c}, {name: d}]}, status: {phase: Running, podIPs: [{ip:"
                                + " 10.0.0.1}], containerStatuses: [{ready: true, restartCount: 0, state: {running: {}}},"
                                + " {ready: false, restartCount: 0, state: {running: {}}}]}}",
                        "\"1/2\",\"Running\",\"0\",\"5m\",\"10.0.0.1\",\"n1\",\"<none>\",\"<none>\""),
                pod(
                        "a pod that crashes again and again",
                        "}" + one
                                + ", status: {phase: Running, containerStatuses: [{restartCount: 3, lastState: {terminated:"
                                + " {finishedAt: '2025-01-01T00:55:00Z'}}, state: {waiting: {reason:"
                                + " CrashLoopBackOff}}}]}}",
                        "\"0/1\",\"CrashLoopBackOff\",\"3 (5m ago)\",\"5m\",\"<none>\",\"<none>\",\"<none>\",\"<none>\""),
                pod(
                        "a pod in its first init container",
                        "}, spec: {initContainers: [{name: i}], containers: [{name: c}]}, status: {phase: Pending,"
                                + " initContainerStatuses: [{name: i, state: {running: {}}}], containerStatuses: [{state:"
                                + " {waiting: {reason: PodInitializing}}}]}}",
                        "\"0/1\",\"Init:0/1\",\"0\",\"5m\",\"<none>\",\"<none>\",\"<none>\",\"<none>\""),
                pod(
                        "a pod whose init container fails",
                        "}, spec: {initContainers: [{name: i}], containers: [{name: c}]}, status: {phase: Pending,"
                                + " initContainerStatuses: [{name: i, restartCount: 1, state: {terminated: {exitCode: 1,"
                                + " reason: Error}}}]}}",
                        "\"0/1\",\"Init:Error\",\"1\",\"5m\",\"<none>\",\"<none>\",\"<none>\",\"<none>\""),
                pod(
                        "a pod that is done",
                        "}" + one
                                + ", status: {phase: Succeeded, containerStatuses: [{restartCount: 0, state: {terminated:"
                                + " {exitCode: 0, reason: Completed}}}]}}",
                        "\"0/1\",\"Completed\",\"0\",\"5m\",\"<none>\",\"<none>\",\"<none>\",\"<none>\""),
                pod(
                        "a pod of which one container is done and the other not ready for service",
                        "}, spec: {containers: [{name: c}, {name: d}]}, status: {phase: Running, containerStatuses: [{state:"
                                + " {terminated: {exitCode: 0, reason: Completed}}}, {ready: true, state: {running: {}}}]}}",
                        "\"1/2\",\"NotReady\",\"0\",\"5m\",\"<none>\",\"<none>\",\"<none>\",\"<none>\""),
                pod(
                        "a pod that was killed without a reason",
                        "}" + one
                                + ", status: {phase: Failed, containerStatuses: [{restartCount: 0, state: {terminated:"
                                + " {exitCode: 137, signal: 9}}}]}}",
                        "\"0/1\",\"Signal:9\",\"0\",\"5m\",\"<none>\",\"<none>\",\"<none>\",\"<none>\""),
                pod(
                        "a pod that ends",
                        ", deletionTimestamp: '2025-01-01T00:59:30Z'}" + one
                                + ", status: {phase: Running, containerStatuses: [{ready: true, state: {running: {}}}]}}",
                        "\"1/1\",\"Terminating\",\"0\",\"5m\",\"<none>\",\"<none>\",\"<none>\",\"<none>\""),
                pod(
                        "a pod that was evicted",
                        "}" + one + ", status: {phase: Failed, reason: Evicted}}",
                        "\"0/1\",\"Evicted\",\"0\",\"5m\",\"<none>\",\"<none>\",\"<none>\",\"<none>\""),
                new Case(
                        "a node",
                        "",
                        "nodes",
                        "{metadata: {name: n1, creationTimestamp: '2025-01-01T00:00:00Z', labels:"
                                + " {node-role.kubernetes.io/control-plane: '', node-role.kubernetes.io/a: ''}}, spec:"
                                + " {unschedulable: true}, status: {conditions: [{type: Ready, status: 'True'}], addresses:"
                                + " [{type: InternalIP, address: 10.0.0.2}], nodeInfo: {kubeletVersion: v1.34.0, osImage:"
                                + " Debian, kernelVersion: '6.1', containerRuntimeVersion: containerd://1.6}}}",
                        "[\"n1\",\"Ready,SchedulingDisabled\",\"a,control-plane\",\"60m\",\"v1.34.0\",\"10.0.0.2\","
                                + "\"<none>\",\"Debian\",\"6.1\",\"containerd://1.6\"]"),
                new Case(
                        "a service with a node port",
                        "",
                        "services",
                        "{metadata: {name: s, creationTimestamp: '2024-12-30T00:00:00Z'}, spec: {type: NodePort, clusterIPs:"
                                + " [10.96.0.5], ports: [{port: 80, nodePort: 30080, protocol: TCP}, {port: 53, protocol:"
                                + " UDP}], selector: {app: web}}}",
                        "[\"s\",\"NodePort\",\"10.96.0.5\",\"<none>\",\"80:30080/TCP,53/UDP\",\"2d1h\",\"app=web\"]"),
                new Case(
                        "endpoints, more than are shown",
                        "",
                        "endpoints",
                        "{metadata: {name: e}, subsets: [{addresses: [{ip: 10.0.0.1}, {ip: 10.0.0.2}], ports: [{port: 80},"
                                + " {port: 81}]}]}",
                        "[\"e\",\"10.0.0.1:80,10.0.0.2:80,10.0.0.1:81 + 1 more...\",\"<unknown>\"]"),
                new Case(
                        "a deployment",
                        "apps",
                        "deployments",
                        "{metadata: {name: d, creationTimestamp: '2025-01-01T00:59:50Z'}, spec: {replicas: 3, selector:"
                                + " {matchLabels: {app: web}}, template: {spec: {containers: [{name: a, image: x}, {name: b,"
                                + " image: z}]}}}, status: {readyReplicas: 2, updatedReplicas: 3, availableReplicas: 1}}",
                        "[\"d\",\"2/3\",3,1,\"10s\",\"a,b\",\"x,z\",\"app=web\"]"),
                new Case(
                        "an event that came again",
                        "",
                        "events",
                        "{metadata: {name: e}, type: Warning, reason: Failed, message: ' no ', count: 4, firstTimestamp:"
                                + " '2025-01-01T00:00:00Z', lastTimestamp: '2025-01-01T00:58:00Z', source: {component:"
                                + " kubelet, host: n1}, involvedObject: {kind: Pod, name: p, fieldPath: 'spec.containers{c}'}}",
                        "[\"2m\",\"Warning\",\"Failed\",\"pod/p\",\"spec.containers{c}\",\"kubelet, n1\",\"no\",\"60m\",4,"
                                + "\"e\"]"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shows(Case c) {
        var table = table(c.group, c.resource, c.object);

        assertThat(new String(Documents.json(table.at("/rows/0/cells")), StandardCharsets.UTF_8))
                .isEqualTo(c.cells);
        assertThat(table.at("/rows/0/cells")).hasSameSizeAs(table.path("columnDefinitions"));
    }

    @Test
    void notesThatAPodIsOver() {
        var rows = table(
                        "",
                        "pods",
                        "{metadata: {name: a}, status: {phase: Succeeded}}",
                        "{metadata: {name: b}, status: {phase: Failed}}",
                        "{metadata: {name: c}, status: {phase: Running}}")
                .path("rows");

        assertThat(rows.at("/0/conditions"))
                .isEqualTo(conditions("{type: Completed, status: 'True', reason: Succeeded, message: The pod has"
                        + " completed successfully.}"));
        assertThat(rows.at("/1/conditions"))
                .isEqualTo(conditions("{type: Completed, status: 'True', reason: Failed, message: The pod failed.}"));
        assertThat(rows.at("/2").has("conditions")).isFalse();
    }

    private static JsonNode conditions(String condition) {
        return document("{conditions: [" + condition + "]}").get("conditions");
    }

    @Test
    void listsFlowSchemasAsTheyAreAsked() {
        var rows = table(
                        "flowcontrol.apiserver.k8s.io",
                        "flowschemas",
                        "{metadata: {name: a}, spec: {matchingPrecedence: 9000}}",
                        "{metadata: {name: c}, spec: {matchingPrecedence: 100}}",
                        "{metadata: {name: b}, spec: {matchingPrecedence: 100}}")
                .path("rows");

        assertThat(rows).extracting(row -> row.path("cells").path(0).asText()).containsExactly("b", "c", "a");
    }

    private static ObjectNode table(String group, String resource, String... objects) {
        var definition =
                REGISTRY.find(new GroupVersionResource(group, "v1", resource)).orElseThrow();
        return new Tables()
                .table(
                        definition,
                        Stream.of(objects).map(TablesTest::document).toList(),
                        UnaryOperator.identity(),
                        Documents.object(),
                        "v1",
                        IncludeObject.NONE,
                        NOW);
    }

    record Age(Duration duration, String text) {}

    static Stream<Age> ages() {
        return Stream.of(
                new Age(Duration.ofSeconds(-5), "<invalid>"),
                new Age(Duration.ofSeconds(-1), "0s"),
                new Age(Duration.ofSeconds(119), "119s"),
                new Age(Duration.ofSeconds(125), "2m5s"),
                new Age(Duration.ofMinutes(10), "10m"),
                new Age(Duration.ofMinutes(179), "179m"),
                new Age(Duration.ofMinutes(181), "3h1m"),
                new Age(Duration.ofHours(8), "8h"),
                new Age(Duration.ofHours(47), "47h"),
                new Age(Duration.ofHours(50), "2d2h"),
                new Age(Duration.ofDays(8), "8d"),
                new Age(Duration.ofDays(730), "2y"),
                new Age(Duration.ofDays(800), "2y70d"),
                new Age(Duration.ofDays(4000), "10y"));
    }

    @ParameterizedTest
    @MethodSource("ages")
    void writesAges(Age age) {
        assertThat(Cells.duration(age.duration)).isEqualTo(age.text);
    }

    private static ObjectNode document(String yaml) {
        return new DocumentDecoder()
                .decode(yaml.getBytes(StandardCharsets.UTF_8), MediaType.YAML)
                .document();
    }
}
