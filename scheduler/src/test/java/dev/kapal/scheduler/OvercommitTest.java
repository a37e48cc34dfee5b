package dev.kapal.scheduler;

import static dev.kapal.scheduler.Objects.node;
import static dev.kapal.scheduler.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.scheduler.snapshot.ClusterState;
import dev.kapal.scheduler.snapshot.NodeState;
import dev.kapal.scheduler.snapshot.PodFacts;
import java.util.ArrayList;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever comes and goes, a node never holds more than it has, and no two pods have one host port. The seed is the
/// test's argument.
class OvercommitTest {
    static LongStream seeds() {
        return new Random().longs(30);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void neverOvercommitsANode(long seed) {
        var random = new Random(seed);
        var decider = DeciderTest.decider(seed);
        var cluster = new ClusterState();
        int nodes = 1 + random.nextInt(12);
        for (int i = 0; i < nodes; i++) {
            cluster.put(node("n" + i)
                    .offers("cpu", (1 + random.nextInt(8)) + "")
                    .offers("memory", (1 + random.nextInt(16)) + "Gi")
                    .offers("pods", (1 + random.nextInt(30)) + "")
                    .offers("example.com/gpu", random.nextInt(3) + "")
                    .node());
        }
        var running = new ArrayList<PodFacts>();
        for (int i = 0; i < 400; i++) {
            if (random.nextInt(4) == 0 && !running.isEmpty()) {
                var ended = running.remove(random.nextInt(running.size()));
                assertThat(cluster.remove(ended.key(), ended.uid())).isTrue();
            }
            var next = randomPod(i, random);
            switch (decider.decide(next, cluster.snapshot())) {
                case Decision.Place(String node, int evaluated, int feasible) -> {
                    cluster.assume(next, node);
                    running.add(next);
                }
                case Decision.NoFit noFit -> assertThat(noFit.message()).startsWith("0/" + nodes + " nodes are");
            }
            cluster.snapshot().nodes().forEach(OvercommitTest::assertHolds);
        }
        assertThat(cluster.snapshot().nodes().stream()
                        .mapToInt(node -> node.pods().size())
                        .sum())
                .isEqualTo(running.size());
    }

    private static PodFacts randomPod(int number, Random random) {
        var pod = pod("p" + number).asks(random.nextInt(2000) + "m", random.nextInt(3000) + "Mi");
        if (random.nextInt(5) == 0) {
            pod = pod.asksFor("example.com/gpu", "1");
        }
        if (random.nextInt(5) == 0) {
            pod = pod.takesPort(random.nextBoolean() ? "" : "10.0.0.1", 8000 + random.nextInt(3));
        }
        return pod.facts();
    }

    private static void assertHolds(NodeState node) {
        var offered = node.facts().allocatable();
        assertThat(node.requested().milliCpu()).isBetween(0L, offered.milliCpu());
        assertThat(node.requested().memory()).isBetween(0L, offered.memory());
        assertThat(node.requested().scalar("example.com/gpu")).isBetween(0L, offered.scalar("example.com/gpu"));
        assertThat((long) node.pods().size()).isLessThanOrEqualTo(node.facts().pods());
        var sum =
                node.pods().stream().mapToLong(pod -> pod.requests().milliCpu()).sum();
        assertThat(node.requested().milliCpu()).isEqualTo(sum);
        for (var one : node.pods()) {
            for (var other : node.pods()) {
                assertThat(one == other
                                || one.hostPorts().stream()
                                        .noneMatch(port ->
                                                other.hostPorts().stream().anyMatch(port::conflictsWith)))
                        .isTrue();
            }
        }
    }
}
