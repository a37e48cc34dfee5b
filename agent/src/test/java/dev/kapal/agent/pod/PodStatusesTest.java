package dev.kapal.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.agent.probe.Verdict;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PodStatusesTest {
    private static final Instant NOW = Instant.parse("2025-01-01T00:01:00Z");

    /// The phase of a pod with the app containers `x` and `y`, drawn as in [PodPlanTest].
    record Case(String policy, String seen, Sight.Stage stage, String phase) {}

    static Stream<Case> cases() {
        var living = Sight.Stage.LIVING;
        var ended = Sight.Stage.ENDED;
        return Stream.of(
                new Case("Always", "", living, "Pending"),
                new Case("Always", "x:run", living, "Pending"),
                new Case("Always", "x:run y:run", living, "Running"),
                new Case("Always", "x:run y:1", living, "Running"),
                new Case("Always", "x:0 y:0", living, "Running"),
                new Case("OnFailure", "x:0 y:1", living, "Running"),
                // the end is not told before it has come
                new Case("Never", "x:0 y:0", living, "Pending"),
                new Case("Never", "x:0 y:0", ended, "Succeeded"),
                new Case("OnFailure", "x:0 y:0", ended, "Succeeded"),
                new Case("Never", "x:0 y:1", ended, "Failed"),
                new Case("Always", "x:143 y:143", ended, "Failed"),
                new Case("Always", "x:0 y:0", ended, "Succeeded"),
                new Case("Always", "", ended, "Failed"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void thePhaseFollowsTheContainers(Case given) {
        var status = PodStatuses.of(sight(pod(given.policy()), given.seen(), given.stage()), new PodStatus());
        assertThat(status.getPhase()).isEqualTo(given.phase());
    }

    @Test
    void aPhaseNeverLeavesItsEnd() {
        var old = new PodStatus();
        old.setPhase("Succeeded");
        var status = PodStatuses.of(sight(pod("Never"), "x:0 y:1", Sight.Stage.ENDED), old);
        assertThat(status.getPhase()).isEqualTo("Succeeded");
    }

    @Test
    void conditionsSayWhichContainersAreNotReady() {
        var status = PodStatuses.of(sight(pod("Always"), "x:run y:1", Sight.Stage.LIVING), new PodStatus());
        assertThat(condition(status, "Ready").getReason()).isEqualTo("ContainersNotReady");
        assertThat(condition(status, "Ready").getMessage()).isEqualTo("containers with unready status: [y]");
        assertThat(condition(status, "ContainersReady").getStatus()).isEqualTo("False");
        assertThat(condition(status, "Initialized").getStatus()).isEqualTo("True");
        assertThat(condition(status, "PodReadyToStartContainers").getStatus()).isEqualTo("True");
        assertThat(condition(status, "PodScheduled").getStatus()).isEqualTo("True");
        assertThat(condition(status, "Ready").getLastTransitionTime()).isEqualTo("2025-01-01T00:01:00Z");
    }

    @Test
    void conditionsOfAnEndedPodSayHowItEnded() {
        var done = PodStatuses.of(sight(pod("Never"), "x:0 y:0", Sight.Stage.ENDED), new PodStatus());
        assertThat(condition(done, "Ready").getReason()).isEqualTo("PodCompleted");
        assertThat(condition(done, "Initialized").getReason()).isEqualTo("PodCompleted");
        var failed = PodStatuses.of(sight(pod("Never"), "x:0 y:1", Sight.Stage.ENDED), new PodStatus());
        assertThat(condition(failed, "Ready").getReason()).isEqualTo("PodFailed");
    }

    @Test
    void transitionTimesStayWhileNothingChanges() {
        var first = PodStatuses.of(sight(pod("Always"), "x:run y:run", Sight.Stage.LIVING), new PodStatus());
        var later = sight(pod("Always"), "x:run y:run", Sight.Stage.LIVING, NOW.plusSeconds(60));
        assertThat(PodStatuses.of(later, first)).isEqualTo(first);
    }

    @Test
    void aReadinessGateHoldsReadyBack() {
        var pod = pod("Always")
                .edit()
                .editSpec()
                .addNewReadinessGate("example.com/lb")
                .endSpec()
                .build();
        var status = PodStatuses.of(sight(pod, "x:run y:run", Sight.Stage.LIVING), new PodStatus());
        assertThat(condition(status, "ContainersReady").getStatus()).isEqualTo("True");
        assertThat(condition(status, "Ready").getReason()).isEqualTo("ReadinessGatesNotReady");
        assertThat(condition(status, "Ready").getMessage())
                .isEqualTo("corresponding condition of pod readiness gate \"example.com/lb\" does not exist.");
    }

    @Test
    void aWaitingContainerKeepsItsLastEnd() {
        var sight = new Sight(
                pod("Always"),
                observed("x:1 y:run"),
                Map.of("x", new Waiting("CrashLoopBackOff", "back-off")),
                Verdicts.NONE,
                List.of("192.0.2.1"),
                Sight.Stage.LIVING,
                Optional.empty(),
                NOW);
        var x = container(PodStatuses.of(sight, new PodStatus()), "x");
        assertThat(x.getState().getWaiting().getReason()).isEqualTo("CrashLoopBackOff");
        assertThat(x.getLastState().getTerminated().getExitCode()).isEqualTo(1);
        assertThat(x.getLastState().getTerminated().getReason()).isEqualTo("Error");
        assertThat(x.getReady()).isFalse();
        assertThat(x.getStarted()).isFalse();
    }

    @Test
    void aContainerIsReadyWhenItsProbesSaySo() {
        var verdicts = new Verdicts(Map.of(
                "id-x-0", new Verdict(true, false, Optional.empty()),
                "id-y-0", new Verdict(false, false, Optional.empty())));
        var sight = new Sight(
                pod("Always"),
                observed("x:run y:run"),
                Map.of(),
                verdicts,
                List.of("192.0.2.1"),
                Sight.Stage.LIVING,
                Optional.empty(),
                NOW);
        var status = PodStatuses.of(sight, new PodStatus());
        assertThat(container(status, "x").getStarted()).isTrue();
        assertThat(container(status, "x").getReady()).isFalse();
        assertThat(container(status, "y").getStarted()).isFalse();
    }

    @Test
    void aContainerThatTheRuntimeLostIsSaidToBeLost() {
        var ran = PodStatuses.of(sight(pod("Never"), "x:run y:run", Sight.Stage.LIVING), new PodStatus());
        var status = PodStatuses.of(sight(pod("Never"), "x:run", Sight.Stage.ENDED), ran);
        var y = container(status, "y").getState().getTerminated();
        assertThat(y.getReason()).isEqualTo("ContainerStatusUnknown");
        assertThat(y.getExitCode()).isEqualTo(137);
    }

    @Test
    void whatTheNodeDecidedIsToldAtTheEnd() {
        var sight = new Sight(
                pod("Always"),
                observed("x:143 y:143"),
                Map.of(),
                Verdicts.NONE,
                List.of("192.0.2.1"),
                Sight.Stage.ENDED,
                Optional.of(new Sight.Ending("DeadlineExceeded", "too long")),
                NOW);
        var status = PodStatuses.of(sight, new PodStatus());
        assertThat(status.getPhase()).isEqualTo("Failed");
        assertThat(status.getReason()).isEqualTo("DeadlineExceeded");
        assertThat(status.getMessage()).isEqualTo("too long");
    }

    private static Sight sight(Pod pod, String seen, Sight.Stage stage) {
        return sight(pod, seen, stage, NOW);
    }

    private static Sight sight(Pod pod, String seen, Sight.Stage stage, Instant now) {
        return new Sight(
                pod, observed(seen), Map.of(), Verdicts.NONE, List.of("192.0.2.1"), stage, Optional.empty(), now);
    }

    private static ObservedPod observed(String drawing) {
        var containers = new ArrayList<ObservedContainer>();
        for (var word : drawing.isEmpty() ? new String[0] : drawing.split(" ")) {
            var parts = word.split(":");
            containers.add(Observed.container(parts[0], parts[1], "sandbox", 0));
        }
        return new ObservedPod(
                List.of(new ObservedSandbox("sandbox", 0, true, Instant.EPOCH, List.of("10.244.0.9"), false)),
                containers);
    }

    private static Pod pod(String policy) {
        return Pods.empty("p")
                .editSpec()
                .withRestartPolicy(policy)
                .addNewContainer()
                .withName("x")
                .withImage("demo:1")
                .endContainer()
                .addNewContainer()
                .withName("y")
                .withImage("demo:1")
                .endContainer()
                .endSpec()
                .build();
    }

    private static PodCondition condition(PodStatus status, String type) {
        return status.getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static ContainerStatus container(PodStatus status, String name) {
        return status.getContainerStatuses().stream()
                .filter(container -> container.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
