package dev.kapal.controllers.replicaset;

import static dev.kapal.controllers.Make.NOW;
import static dev.kapal.controllers.Make.names;
import static dev.kapal.controllers.Make.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaSetPlanTest {
    private final ReplicaSet three = set(3);

    @Test
    void createsWhatIsMissing() {
        assertThat(plan(three, List.of(pod("a").pod()))).isEqualTo(new ReplicaSetPlan(2, List.of()));
    }

    @Test
    void createsAtMostFiveHundredAtOnce() {
        assertThat(plan(set(2000), List.of()).create()).isEqualTo(500);
    }

    @Test
    void doesNothingWhenTheNumberIsRight() {
        assertThat(plan(set(1), List.of(pod("a").pod()))).isEqualTo(ReplicaSetPlan.NOTHING);
    }

    @Test
    void deletesTheSurplus() {
        var running = pod("a").on("n1").phase("Running").pod();
        var waiting = pod("b").pod();

        assertThat(names(plan(set(1), List.of(running, waiting)).delete())).containsExactly("b");
    }

    @Test
    void leavesThePodsToTheGarbageCollectorWhenTheSetIsBeingDeleted() {
        var leaving = new ReplicaSetBuilder(three)
                .editMetadata()
                .withDeletionTimestamp(NOW.toString())
                .endMetadata()
                .build();

        assertThat(plan(leaving, List.of())).isEqualTo(ReplicaSetPlan.NOTHING);
    }

    @Test
    void countsOnlyPodsThatAreNeitherEndedNorTerminating() {
        var pods = List.of(
                pod("a").phase("Succeeded").pod(),
                pod("b").phase("Failed").pod(),
                pod("c").phase("Running").terminating().pod(),
                pod("d").phase("Running").pod());

        assertThat(names(ReplicaSetPlan.active(pods))).containsExactly("d");
    }

    @Test
    void tellsReadyAvailableAndFullyLabeledPodsApart() {
        var set = new ReplicaSetBuilder(three)
                .editSpec()
                .withMinReadySeconds(30)
                .endSpec()
                .build();
        var pods = List.of(
                pod("a").ready(NOW.minusSeconds(40)).pod(),
                pod("b").ready(NOW.minusSeconds(10)).label("version", "2").pod(),
                pod("c").unready().pod());

        var status = ReplicaSetStatuses.observed(set, pods, Optional.empty(), NOW);

        assertThat(status.getReplicas()).isEqualTo(3);
        assertThat(status.getReadyReplicas()).isEqualTo(2);
        assertThat(status.getAvailableReplicas()).isEqualTo(1);
        assertThat(status.getFullyLabeledReplicas()).isEqualTo(1);
        assertThat(status.getObservedGeneration()).isEqualTo(7);
        assertThat(ReplicaSetStatuses.nextAvailable(set, pods, NOW)).contains(Duration.ofSeconds(20));
    }

    @Test
    void keepsTheFirstFailureUntilItEnds() {
        var first = Optional.of(new ReplicaSetStatuses.Failure("FailedCreate", "quota"));
        var failed = new ReplicaSetBuilder(three)
                .withStatus(ReplicaSetStatuses.observed(three, List.of(), first, NOW))
                .build();
        var second = Optional.of(new ReplicaSetStatuses.Failure("FailedCreate", "other words"));

        var again = ReplicaSetStatuses.observed(failed, List.of(), second, NOW.plusSeconds(5));
        var healed = ReplicaSetStatuses.observed(failed, List.of(), Optional.empty(), NOW);

        assertThat(again.getConditions()).singleElement().satisfies(condition -> {
            assertThat(condition.getType()).isEqualTo("ReplicaFailure");
            assertThat(condition.getMessage()).isEqualTo("quota");
        });
        assertThat(ReplicaSetStatuses.same(failed.getStatus(), again)).isTrue();
        assertThat(healed.getConditions()).isEmpty();
    }

    @Test
    void makesPodsFromTheTemplateUnderItsName() {
        var pod = NewPod.of(three);

        assertThat(pod.getMetadata().getGenerateName()).isEqualTo("web-");
        assertThat(pod.getMetadata().getLabels()).containsEntry("version", "2");
        assertThat(pod.getMetadata().getOwnerReferences()).singleElement().satisfies(owner -> {
            assertThat(owner.getKind()).isEqualTo("ReplicaSet");
            assertThat(owner.getController()).isTrue();
            assertThat(owner.getBlockOwnerDeletion()).isTrue();
        });
    }

    private static ReplicaSetPlan plan(ReplicaSet set, List<Pod> pods) {
        return ReplicaSetPlan.of(set, pods, pods, NOW);
    }

    private static ReplicaSet set(int replicas) {
        return new ReplicaSetBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("default")
                .withUid("uid-web")
                .withGeneration(7L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .withMatchLabels(Map.of("app", "web"))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(Map.of("app", "web", "version", "2"))
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
