package dev.kapal.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.agent.cri.FakeRuntime;
import dev.kapal.base.life.Life;
import dev.kapal.client.Json;
import dev.kapal.testkit.FakeTime;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeAgentTest {
    @TempDir
    Path directory;

    private final FakeTime time = new FakeTime();
    private final FakeRuntime runtime = new FakeRuntime(time);
    private final FakeNodes nodes = new FakeNodes();
    private final Life life = new Life("test");
    private NodeAgent agent;

    @BeforeEach
    void start() throws IOException {
        var identity =
                new NodeIdentity("n1", "192.0.2.1", 10250, 110, Optional.of("10.244.0.0/24"), Map.of("disk", "ssd"));
        agent = new NodeAgent(identity, NodeFacts.read(directory), new NodeProbe(runtime, directory), nodes, time);
        agent.start(life);
    }

    @AfterEach
    void stop() {
        life.close();
    }

    @Test
    void aNodeRegistersAndSaysWhatItIs() throws Exception {
        nodes.await(() -> ready().equals("True"), time);
        var node = nodes.node;
        assertThat(node.getMetadata().getLabels())
                .containsEntry("kubernetes.io/hostname", "n1")
                .containsEntry("kubernetes.io/os", "linux")
                .containsEntry("disk", "ssd");
        assertThat(node.getSpec().getPodCIDR()).isEqualTo("10.244.0.0/24");
        assertThat(node.getStatus().getNodeInfo().getKubeletVersion()).isEqualTo("v1.34.0+kapal");
        assertThat(node.getStatus().getNodeInfo().getContainerRuntimeVersion()).isEqualTo("fake://1.0.0");
        assertThat(node.getStatus().getCapacity()).containsKeys("cpu", "memory", "pods", "ephemeral-storage");
        assertThat(node.getStatus().getDaemonEndpoints().getKubeletEndpoint().getPort())
                .isEqualTo(10250);
        nodes.await(agent::isReady, time);
        assertThat(nodes.events).startsWith("Starting").contains("NodeReady");
    }

    @Test
    void aNodeIsNotReadyWhileItsRuntimeIsDown() throws Exception {
        nodes.await(() -> ready().equals("True"), time);
        runtime.down(true);
        agent.wake();
        nodes.await(() -> ready().equals("False"), time);
        assertThat(condition().getMessage()).isEqualTo("container runtime is down");
        runtime.down(false);
        nodes.await(() -> ready().equals("True"), time);
        nodes.await(() -> nodes.events.indexOf("NodeNotReady") < nodes.events.lastIndexOf("NodeReady"), time);
    }

    @Test
    void theLeaseIsRenewedEveryTenSeconds() throws Exception {
        nodes.await(() -> nodes.lease != null, time);
        var first = nodes.lease.getSpec().getRenewTime();
        nodes.await(() -> nodes.lease.getSpec().getRenewTime().isAfter(first), time);
        assertThat(Duration.between(first, nodes.lease.getSpec().getRenewTime()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(10));
        assertThat(nodes.lease.getSpec().getHolderIdentity()).isEqualTo("n1");
        assertThat(nodes.lease.getSpec().getLeaseDurationSeconds()).isEqualTo(40);
    }

    @Test
    void aNodeThatSomebodyDeletedRegistersAgain() throws Exception {
        nodes.await(() -> ready().equals("True"), time);
        nodes.delete();
        runtime.addImage("new:1");
        nodes.await(() -> ready().equals("True"), time);
    }

    private String ready() {
        return condition() == null ? "" : condition().getStatus();
    }

    private NodeCondition condition() {
        var node = nodes.node;
        if (node == null || node.getStatus() == null) {
            return null;
        }
        return node.getStatus().getConditions().stream()
                .filter(c -> c.getType().equals("Ready"))
                .findFirst()
                .orElse(null);
    }

    /// Keeps one node and one lease; a status patch replaces the status.
    private static final class FakeNodes implements NodeApi {
        private static final long PATIENCE_MILLIS = 10_000;

        private volatile Node node;
        private volatile Lease lease;
        private final List<String> events = Collections.synchronizedList(new ArrayList<>());

        synchronized void delete() {
            node = null;
        }

        synchronized void await(BooleanSupplier wanted, FakeTime time) throws InterruptedException {
            long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
            while (!wanted.getAsBoolean()) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                wait(10);
                time.advance(Duration.ofSeconds(1));
            }
        }

        @Override
        public Optional<Node> fetch(String name) {
            return Optional.ofNullable(node);
        }

        @Override
        public synchronized Node register(Node fresh) {
            node = fresh.edit().editMetadata().withUid("u1").endMetadata().build();
            notifyAll();
            return node;
        }

        @Override
        public synchronized Optional<Node> patchStatus(String name, String patch) {
            if (node == null) {
                return Optional.empty();
            }
            try {
                var status = (ObjectNode) Json.mapper().readTree(patch).get("status");
                ((ArrayNode) status.get("addresses")).remove(0);
                node = node.edit()
                        .withStatus(Json.mapper().treeToValue(status, NodeStatus.class))
                        .build();
            } catch (IOException malformed) {
                throw new UncheckedIOException(malformed);
            }
            notifyAll();
            return Optional.of(node);
        }

        @Override
        public Optional<Lease> fetchLease(String name) {
            return Optional.ofNullable(lease);
        }

        @Override
        public Lease putLease(Lease renewed) {
            lease = renewed;
            return renewed;
        }

        @Override
        public void event(boolean warning, String reason, String message) {
            events.add(reason);
        }
    }
}
