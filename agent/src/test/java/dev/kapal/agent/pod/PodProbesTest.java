package dev.kapal.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.agent.cri.v1.ExecSyncResponse;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Probes in the life of a pod. Each probe runs a command of its own name, which fails while the name is in `failing`.
class PodProbesTest {
    @TempDir
    Path directory;

    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private FakeNode node;

    @BeforeEach
    void boot() {
        node = new FakeNode(directory);
        node.runtime.onExec((container, command) -> ExecSyncResponse.newBuilder()
                .setExitCode(failing.contains(command.getFirst()) ? 1 : 0)
                .build());
    }

    @AfterEach
    void shutDown() {
        node.close();
    }

    @Test
    void aPodIsReadyOnlyWhileItsReadinessProbeSucceeds() throws Exception {
        failing.add("ready");
        node.run(pod(null, probe("ready", 1), null));
        var running = node.await("uid-web", pod -> Pods.isRunning(pod, "main"));
        assertThat(Pods.isReady(running)).isFalse();
        failing.clear();
        node.await("uid-web", Pods::isReady);
        failing.add("ready");
        var unready = node.await("uid-web", pod -> !Pods.isReady(pod));
        assertThat(Pods.condition(unready, "Ready").getReason()).isEqualTo("ContainersNotReady");
        assertThat(Pods.status(unready, "main").getRestartCount()).isZero();
        assertThat(node.api.events()).contains("Warning Unhealthy Readiness probe failed: ");
        assertThat(node.api.history().stream().filter(Pods::isReady).toList()).isNotEmpty();
    }

    @Test
    void aContainerIsNeverSaidToBeReadyBeforeItWasAsked() throws Exception {
        failing.add("ready");
        node.run(pod(null, probe("ready", 1), null));
        node.await("uid-web", pod -> node.api.events().contains("Warning Unhealthy Readiness probe failed: "));
        assertThat(node.api.history()).noneMatch(Pods::isReady);
    }

    @Test
    void aContainerThatFailsItsLivenessProbeIsRestarted() throws Exception {
        node.run(pod(probe("alive", 2), null, null));
        node.await("uid-web", Pods::isReady);
        failing.add("alive");
        node.await(
                "uid-web",
                pod -> node.api
                        .events()
                        .contains("Normal Killing Container main failed liveness probe, will be restarted"));
        failing.clear();
        var again = node.await(
                "uid-web",
                pod -> Pods.isRunning(pod, "main") && Pods.status(pod, "main").getRestartCount() == 1);
        assertThat(Pods.status(again, "main").getLastState().getTerminated().getExitCode())
                .isEqualTo(143);
        assertThat(node.api.events()).contains("Warning Unhealthy Liveness probe failed: ");
    }

    @Test
    void theOtherProbesWaitForTheStartupProbe() throws Exception {
        failing.add("up");
        failing.add("alive");
        node.run(pod(probe("alive", 1), probe("ready", 1), probe("up", 1000)));
        var starting =
                node.await("uid-web", pod -> node.api.events().contains("Warning Unhealthy Startup probe failed: "));
        assertThat(Pods.status(starting, "main").getStarted()).isFalse();
        assertThat(node.api.events()).noneMatch(event -> event.contains("Liveness"));
        failing.clear();
        var ready = node.await("uid-web", Pods::isReady);
        assertThat(Pods.status(ready, "main").getStarted()).isTrue();
        assertThat(Pods.status(ready, "main").getRestartCount()).isZero();
    }

    @Test
    void aContainerThatNeverStartsUpIsRestarted() throws Exception {
        failing.add("up");
        node.run(pod(null, null, probe("up", 3)));
        node.await(
                "uid-web",
                pod -> node.api
                        .events()
                        .contains("Normal Killing Container main failed startup probe, will be restarted"));
    }

    @Test
    void aRestartOfTheAgentDoesNotMakeAReadyPodUnready() throws Exception {
        node.run(pod(null, probe("ready", 1), probe("up", 1)));
        var ready = node.await("uid-web", Pods::isReady);
        int writes = node.api.history().size();
        node.restart(ready);
        failing.add("ready");
        node.await("uid-web", pod -> !Pods.isReady(pod));
        assertThat(node.api.history().subList(writes, node.api.history().size()))
                .hasSize(1)
                .allSatisfy(
                        pod -> assertThat(node.api.events()).contains("Warning Unhealthy Readiness probe failed: "));
    }

    private static Probe probe(String command, int failures) {
        return new ProbeBuilder()
                .withNewExec()
                .withCommand(command)
                .endExec()
                .withPeriodSeconds(1)
                .withFailureThreshold(failures)
                .build();
    }

    private static Pod pod(Probe liveness, Probe readiness, Probe startup) {
        var pod = Pods.pod("web").build();
        var container = pod.getSpec().getContainers().getFirst();
        container.setLivenessProbe(liveness);
        container.setReadinessProbe(readiness);
        container.setStartupProbe(startup);
        return pod;
    }
}
