package dev.kapal.controllers.node;

import static dev.kapal.controllers.Make.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeJudgementTest {
    @Test
    void marksEverythingTheSilentAgentUsedToReport() {
        var marked = NodeJudgement.silent(with(node("n1"), "Ready", "True"), NOW);

        assertThat(marked)
                .extracting(
                        condition -> condition.getType() + " " + condition.getStatus() + " " + condition.getReason())
                .containsExactly(
                        "Ready Unknown NodeStatusUnknown",
                        "MemoryPressure Unknown NodeStatusNeverUpdated",
                        "DiskPressure Unknown NodeStatusNeverUpdated",
                        "PIDPressure Unknown NodeStatusNeverUpdated");
        assertThat(marked.getFirst().getMessage()).isEqualTo("Kubelet stopped posting node status.");
        assertThat(marked.getLast().getMessage()).isEqualTo("Kubelet never posted node status.");
    }

    @Test
    void marksOnlyOnce() {
        var marked = new NodeBuilder(node("n1"))
                .withNewStatus()
                .withConditions(NodeJudgement.silent(node("n1"), NOW))
                .endStatus()
                .build();

        assertThat(NodeJudgement.silent(marked, NOW.plusSeconds(60)))
                .isEqualTo(marked.getStatus().getConditions());
    }

    @Test
    void taintsByConditionAndLeavesOtherTaintsAlone() {
        var foreign =
                new TaintBuilder().withKey("mine").withEffect("NoSchedule").build();
        var node = new NodeBuilder(with(with(node("n1"), "Ready", "Unknown"), "DiskPressure", "True"))
                .withNewSpec()
                .withUnschedulable(true)
                .withTaints(
                        foreign,
                        new TaintBuilder()
                                .withKey(NodeJudgement.NOT_READY)
                                .withEffect("NoSchedule")
                                .build())
                .endSpec()
                .build();

        assertThat(keys(NodeJudgement.unschedulable(node)))
                .containsExactlyInAnyOrder(
                        "mine:NoSchedule",
                        "node.kubernetes.io/unreachable:NoSchedule",
                        "node.kubernetes.io/disk-pressure:NoSchedule",
                        "node.kubernetes.io/unschedulable:NoSchedule");
    }

    @Test
    void evictsByTheStateOfTheNode() {
        assertThat(NodeJudgement.evictionTaint(with(node("n1"), "Ready", "True")))
                .isEmpty();
        assertThat(NodeJudgement.evictionTaint(with(node("n1"), "Ready", "False")))
                .contains(NodeJudgement.NOT_READY);
        assertThat(NodeJudgement.evictionTaint(with(node("n1"), "Ready", "Unknown")))
                .contains(NodeJudgement.UNREACHABLE);
        assertThat(NodeJudgement.evictionTaint(node("n1"))).isEmpty();

        var tainted = NodeJudgement.evicting(node("n1"), Optional.of(NodeJudgement.UNREACHABLE), NOW);
        assertThat(tainted).singleElement().satisfies(taint -> {
            assertThat(taint.getEffect()).isEqualTo("NoExecute");
            assertThat(taint.getTimeAdded()).isEqualTo(NOW.toString());
        });
    }

    @Test
    void evictsSlowlyOrNotAtAllWhereMuchFailsAtOnce() {
        var ready = with(node("r"), "Ready", "True");
        var failed = with(node("f"), "Ready", "Unknown");

        assertThat(Disruption.pace(failed, List.of(failed))).isEmpty();
        assertThat(Disruption.pace(failed, List.of(failed, ready))).contains(Duration.ofSeconds(10));
        assertThat(Disruption.pace(failed, List.of(failed, failed, failed, ready)))
                .isEmpty();
        var large =
                IntStream.range(0, 60).mapToObj(i -> i < 40 ? failed : ready).toList();
        assertThat(Disruption.pace(failed, large)).contains(Duration.ofSeconds(100));
    }

    @Test
    void takesTurnsWithinAZone() {
        var disruption = new Disruption();

        assertThat(disruption.takeTurn("a", Duration.ofSeconds(10), NOW)).isZero();
        assertThat(disruption.takeTurn("a", Duration.ofSeconds(10), NOW.plusSeconds(4)))
                .isEqualTo(Duration.ofSeconds(6));
        assertThat(disruption.takeTurn("b", Duration.ofSeconds(10), NOW)).isZero();
        assertThat(disruption.takeTurn("a", Duration.ofSeconds(10), NOW.plusSeconds(10)))
                .isZero();
    }

    @Test
    void hearsALeaseOrAStatusAndCountsTheSilence() {
        var heartbeats = new Heartbeats();
        var node = with(node("n1"), "Ready", "True");
        long second = 1_000_000_000L;

        assertThat(heartbeats.silence(node, lease(1), 0)).isZero();
        assertThat(heartbeats.silence(node, lease(1), 30 * second)).isEqualTo(Duration.ofSeconds(30));
        assertThat(heartbeats.silence(node, lease(2), 35 * second)).isZero();
        assertThat(heartbeats.silence(node, Optional.empty(), 40 * second)).isEqualTo(Duration.ofSeconds(5));
    }

    private static Optional<Lease> lease(int second) {
        return Optional.of(new LeaseBuilder()
                .withNewSpec()
                .withRenewTime(ZonedDateTime.parse("2025-06-01T12:00:0" + second + "Z"))
                .endSpec()
                .build());
    }

    private static Node node(String name) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withCreationTimestamp("2025-06-01T10:00:00Z")
                .endMetadata()
                .build();
    }

    private static Node with(Node node, String type, String status) {
        return new NodeBuilder(node)
                .editOrNewStatus()
                .addToConditions(new NodeConditionBuilder()
                        .withType(type)
                        .withStatus(status)
                        .withLastHeartbeatTime("2025-06-01T11:00:00Z")
                        .build())
                .endStatus()
                .build();
    }

    private static List<String> keys(List<Taint> taints) {
        return taints.stream()
                .map(taint -> taint.getKey() + ":" + taint.getEffect())
                .toList();
    }
}
