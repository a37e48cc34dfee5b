package dev.kapal.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.AccessOptions;
import dev.kapal.apiserver.Protection;
import dev.kapal.base.log.LogFormat;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.pki.ClusterPki;
import dev.kapal.store.MemoryStore;
import dev.kapal.store.Store;
import dev.kapal.testkit.Conformance;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Where the whole control plane puts pods; nothing runs them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class SchedulingTest {
    private final Store store = MemoryStore.open();
    private ControlPlane plane;
    private KubernetesClient client;

    /// One node with two cores, labelled `disk: ssd`.
    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        LogFormat.install(Level.WARNING);
        var settings = new ControlPlane.Settings(0, AccessOptions.DEFAULT, Protection.DEFAULT);
        plane = ControlPlane.start(
                ClusterPki.open(data.resolve("pki"), Time.system()),
                store,
                ResourceRegistry.builtIn(),
                settings,
                Time.system(),
                new Metrics());
        client = plane.client("tester", "system:masters");
        create("{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {disk: ssd}}}");
        client.nodes().withName("n1").subresource("status").patch("""
                {"status": {
                  "capacity": {"cpu": "2", "memory": "4Gi", "pods": "100"},
                  "allocatable": {"cpu": "2", "memory": "4Gi", "pods": "100"},
                  "conditions": [{"type": "Ready", "status": "True"}]}}""");
        client.serviceAccounts()
                .inNamespace("default")
                .withName("default")
                .waitUntilCondition(Objects::nonNull, 20, TimeUnit.SECONDS);
    }

    @AfterAll
    void stop() {
        plane.close();
        store.close();
    }

    @Test
    @Conformance("scheduling-predicates-resource-limits")
    void leavesAPodWithoutANodeThatWantsMoreThanAnyHas() {
        pod("greedy", "", "resources: {requests: {cpu: '3'}}");
        assertThat(refused("greedy").getMessage()).contains("1 Insufficient cpu");
    }

    @Test
    @Conformance("scheduling-predicates-node-selector-match")
    void putsAPodOnTheNodeThatItSelects() {
        pod("choosy", "nodeSelector: {disk: ssd}, ", "");
        assertThat(node("choosy")).isEqualTo("n1");
    }

    @Test
    @Conformance("scheduling-predicates-node-selector-no-match")
    void leavesAPodWithoutANodeThatSelectsNone() {
        pod("fussy", "nodeSelector: {disk: tape}, ", "");
        assertThat(refused("fussy").getMessage()).contains("1 node(s) didn't match Pod's node affinity/selector");
    }

    @Test
    @Conformance("network-hostport-no-conflict")
    void sharesAPortOfANodeByAddressAndProtocol() {
        pod("one", "", "ports: [{containerPort: 80, hostPort: 54321, hostIP: 127.0.0.1, protocol: TCP}]");
        pod("two", "", "ports: [{containerPort: 80, hostPort: 54321, hostIP: 192.0.2.1, protocol: TCP}]");
        pod("three", "", "ports: [{containerPort: 80, hostPort: 54321, hostIP: 192.0.2.1, protocol: UDP}]");
        for (var name : new String[] {"one", "two", "three"}) {
            assertThat(node(name)).isEqualTo("n1");
        }
    }

    @Test
    @Conformance("scheduling-predicates-hostport-conflict")
    void givesAPortOfAllAddressesOnlyOnce() {
        pod("all", "", "ports: [{containerPort: 80, hostPort: 54322, hostIP: 0.0.0.0, protocol: TCP}]");
        assertThat(node("all")).isEqualTo("n1");
        pod("late", "", "ports: [{containerPort: 80, hostPort: 54322, hostIP: 127.0.0.1, protocol: TCP}]");
        assertThat(refused("late").getMessage())
                .contains("1 node(s) didn't have free ports for the requested pod ports");
    }

    @Test
    @Conformance("node-runtimeclass-overhead")
    void countsWhatARuntimeTakesBesideThePod() {
        create("""
                apiVersion: node.k8s.io/v1
                kind: RuntimeClass
                metadata: {name: heavy}
                handler: heavy
                overhead: {podFixed: {cpu: 10m, memory: 1Mi}}
                """);
        pod("light", "runtimeClassName: heavy, ", "");
        assertThat(node("light")).isEqualTo("n1");
        assertThat(find("light").getSpec().getOverhead())
                .isEqualTo(Map.of("cpu", new Quantity("10m"), "memory", new Quantity("1Mi")));

        pod("full", "runtimeClassName: heavy, ", "resources: {requests: {cpu: '2'}}");
        assertThat(refused("full").getMessage()).contains("1 Insufficient cpu");
    }

    @Test
    @Conformance("node-runtimeclass-no-overhead")
    void placesAPodOfARuntimeThatTakesNothing() {
        create("{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: plain}, handler: plain}");
        pod("simple", "runtimeClassName: plain, ", "");
        assertThat(node("simple")).isEqualTo("n1");
        assertThat(find("simple").getSpec().getOverhead()).isNullOrEmpty();
    }

    private void create(String yaml) {
        client.resource(yaml.lines().count() == 1 ? "---\n" + yaml : yaml)
                .inNamespace("default")
                .create();
    }

    /// @param spec fields of the pod, each ending with a comma
    /// @param container fields of its container
    private void pod(String name, String spec, String container) {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec: {%scontainers: [{name: main, image: "i:1", %s}]}
                """.formatted(name, spec, container));
    }

    private String node(String pod) {
        return await(pod, found -> found.getSpec().getNodeName() != null)
                .getSpec()
                .getNodeName();
    }

    /// Waits until the scheduler says why the pod has no node.
    private PodCondition refused(String pod) {
        var found = await(
                pod,
                now -> now.getStatus().getConditions().stream()
                        .anyMatch(condition -> "Unschedulable".equals(condition.getReason())));
        assertThat(found.getSpec().getNodeName()).isNull();
        return found.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False"))
                .findFirst()
                .orElseThrow();
    }

    private Pod find(String name) {
        return client.pods().inNamespace("default").withName(name).get();
    }

    private Pod await(String pod, Predicate<Pod> wanted) {
        return client.pods()
                .inNamespace("default")
                .withName(pod)
                .waitUntilCondition(found -> found != null && wanted.test(found), 20, TimeUnit.SECONDS);
    }
}
