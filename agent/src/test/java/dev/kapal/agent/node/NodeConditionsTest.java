package dev.kapal.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.NodeCondition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeConditionsTest {
    private static final Instant NOW = Instant.parse("2025-01-01T00:00:00Z");
    private static final long MANY = 1L << 40;

    @Test
    void aHealthyNodeIsReadyAndUnderNoPressure() {
        var conditions = NodeConditions.of(health(List.of()), List.of(), NOW);
        assertThat(conditions)
                .extracting(NodeCondition::getType, NodeCondition::getStatus, NodeCondition::getReason)
                .containsExactly(
                        tuple("MemoryPressure", "False", "KubeletHasSufficientMemory"),
                        tuple("DiskPressure", "False", "KubeletHasNoDiskPressure"),
                        tuple("PIDPressure", "False", "KubeletHasSufficientPID"),
                        tuple("Ready", "True", "KubeletReady"));
        assertThat(conditions.getLast().getMessage()).isEqualTo("kubelet is posting ready status");
    }

    @Test
    void troublesMakeItNotReady() {
        var one = NodeConditions.of(health(List.of("container runtime is down")), List.of(), NOW)
                .getLast();
        assertThat(one.getStatus()).isEqualTo("False");
        assertThat(one.getReason()).isEqualTo("KubeletNotReady");
        assertThat(one.getMessage()).isEqualTo("container runtime is down");
        var two = NodeConditions.of(health(List.of("a", "b")), List.of(), NOW).getLast();
        assertThat(two.getMessage()).isEqualTo("[a, b]");
    }

    @Test
    void lowMemoryAndAFullDiskArePressure() {
        var low = new NodeHealth(List.of(), "x://1", 50L << 20, 100L << 20, MANY, 10);
        assertThat(NodeConditions.of(low, List.of(), NOW))
                .extracting(NodeCondition::getStatus)
                .containsExactly("True", "True", "True", "True");
    }

    @Test
    void aConditionThatStaysKeepsItsTransitionTimeAndBeats() {
        var first = NodeConditions.of(health(List.of()), List.of(), NOW);
        var later = NodeConditions.of(health(List.of("gone")), first, NOW.plusSeconds(10));
        assertThat(later.getFirst().getLastTransitionTime()).isEqualTo("2025-01-01T00:00:00Z");
        assertThat(later.getFirst().getLastHeartbeatTime()).isEqualTo("2025-01-01T00:00:10Z");
        assertThat(later.getLast().getLastTransitionTime()).isEqualTo("2025-01-01T00:00:10Z");
    }

    private static NodeHealth health(List<String> troubles) {
        return new NodeHealth(troubles, "x://1", MANY, MANY, MANY, MANY);
    }
}
