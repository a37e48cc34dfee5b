package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Key;
import dev.kapal.controllers.workload.PodFacts;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a node that no longer reports, and of its pods. A node here counts as silent after half a second.
@Timeout(300)
class NodeFailureTest {
    private static final Key N1 = Key.cluster("n1");

    @TempDir
    Path directory;

    private Town town;

    @BeforeEach
    void found() throws Exception {
        town = Town.start(directory, Duration.ofMillis(500));
    }

    @AfterEach
    void leave() throws Exception {
        if (town != null) {
            town.close();
        }
    }

    @Test
    void marksASilentNodeAndEvictsItsPodsWhenOthersAreWell() throws Exception {
        town.api().create(node("n1"));
        town.api().create(pod("patient", 300L));
        town.api().create(pod("hasty", 0L));
        town.await(
                Pod.class,
                "two pods ready",
                pods -> pods.list("default").size() == 2
                        && pods.list("default").stream().allMatch(PodFacts::isReady));
        try (var beating = new Beating(town.api(), node("n2"))) {
            town.await(
                    Node.class,
                    "unknown",
                    nodes -> nodes.find(N1)
                            .filter(node -> node.getStatus().getConditions().stream()
                                    .anyMatch(condition -> condition.getType().equals("Ready")
                                            && condition.getStatus().equals("Unknown")
                                            && condition.getReason().equals("NodeStatusUnknown")))
                            .filter(node -> tainted(node, "NoSchedule") && tainted(node, "NoExecute"))
                            .isPresent());
            town.await(
                    Pod.class,
                    "the hasty pod is gone",
                    pods -> pods.find(new Key("default", "hasty")).isEmpty());
            town.await(
                    Pod.class,
                    "the patient pod is out of service",
                    pods -> pods.find(new Key("default", "patient"))
                            .filter(pod -> !PodFacts.isReady(pod) && !PodFacts.isTerminating(pod))
                            .isPresent());
            town.await(
                    Event.class,
                    "events",
                    events -> events.all().stream()
                            .anyMatch(event -> event.getReason().equals("NodeNotReady")
                                    && event.getMessage().equals("Node n1 status is now: NodeNotReady")));
            assertThat(beating).isNotNull();
        }
    }

    @Test
    void evictsNothingWhenNoNodeIsWell() throws Exception {
        town.api().create(node("n1"));
        town.api().create(pod("hasty", 0L));

        town.await(
                Node.class,
                "unknown",
                nodes -> nodes.find(N1)
                        .filter(node -> tainted(node, "NoSchedule"))
                        .isPresent());

        assertThat(tainted(town.api().fetch(Node.class, N1).orElseThrow(), "NoExecute"))
                .isFalse();
        assertThat(town.api().fetch(Pod.class, new Key("default", "hasty"))).isPresent();
    }

    private static boolean tainted(Node node, String effect) {
        return node.getSpec().getTaints() != null
                && node.getSpec().getTaints().stream()
                        .anyMatch(taint -> taint.getKey().equals("node.kubernetes.io/unreachable")
                                && taint.getEffect().equals(effect));
    }

    static Node node(String name) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withReason("KubeletReady")
                .withLastHeartbeatTime("2025-01-01T00:00:00Z")
                .endCondition()
                .endStatus()
                .build();
    }

    private static Pod pod(String name, long toleratedSeconds) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withNodeName("n1")
                .addNewContainer()
                .withName("main")
                .withImage("web:v1")
                .endContainer()
                .addNewToleration()
                .withKey("node.kubernetes.io/unreachable")
                .withOperator("Exists")
                .withEffect("NoExecute")
                .withTolerationSeconds(toleratedSeconds)
                .endToleration()
                .endSpec()
                .build();
    }

    /// A node that is well: it reports ten times a second until it is closed.
    private static final class Beating implements AutoCloseable {
        private final Life life = new Life("beating");

        Beating(Api api, Node node) throws InterruptedException {
            var made = api.create(node);
            life.start("beat", () -> {
                for (int i = 0; ; i++) {
                    api.patchStatus(Node.class, Key.of(made), Api.Patch.STRATEGIC, """
                            {"status":{"conditions":[{"type":"Ready","status":"True","reason":"KubeletReady",\
                            "lastHeartbeatTime":"2025-01-01T00:%02d:%02dZ"}]}}""".formatted(i / 60 % 60, i % 60));
                    Time.system().sleep(Duration.ofMillis(100));
                }
            });
        }

        @Override
        public void close() {
            life.close();
        }
    }
}
