package dev.kapal.agent.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.agent.cri.v1.Container;
import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.ContainerFilter;
import dev.kapal.agent.cri.v1.ContainerState;
import dev.kapal.agent.cri.v1.ContainerStateValue;
import dev.kapal.agent.cri.v1.ImageSpec;
import dev.kapal.agent.cri.v1.PodSandbox;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.agent.cri.v1.PodSandboxFilter;
import dev.kapal.agent.cri.v1.PodSandboxState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What pod workers rely on. The runtime in memory and containerd both run it.
public interface ContainerRuntimeContract {
    ContainerRuntime runtime();

    /// A pod with an own network.
    PodSandboxConfig pod(String name);

    /// A container that exits with 143 on TERM and runs forever otherwise.
    ContainerConfig container(String name);

    @Test
    default void aContainerIsCreatedThenRunsThenHasExited() throws InterruptedException {
        var pod = pod("life");
        var id = runtime().createContainer(runtime().runPodSandbox(pod, ""), container("main"), pod);
        var created = runtime().containerStatus(id);
        assertThat(created.getState()).isEqualTo(ContainerState.CONTAINER_CREATED);
        assertThat(created.getCreatedAt()).isPositive();
        assertThat(created.getStartedAt()).isZero();

        runtime().startContainer(id);
        var running = runtime().containerStatus(id);
        assertThat(running.getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
        assertThat(running.getStartedAt()).isGreaterThanOrEqualTo(created.getCreatedAt());

        runtime().stopContainer(id, Duration.ofSeconds(20));
        var exited = runtime().containerStatus(id);
        assertThat(exited.getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
        assertThat(exited.getExitCode()).isEqualTo(143);
        assertThat(exited.getReason()).isEqualTo("Error");
        assertThat(exited.getFinishedAt()).isGreaterThanOrEqualTo(running.getStartedAt());
    }

    @Test
    default void stoppingWithoutGraceKills() throws InterruptedException {
        var id = start("killed");

        runtime().stopContainer(id, Duration.ZERO);

        assertThat(runtime().containerStatus(id).getExitCode()).isEqualTo(137);
    }

    @Test
    default void stoppingAndRemovingTwiceIsHarmless() throws InterruptedException {
        var id = start("twice");
        var sandbox = sandboxOf(id);

        for (int round = 0; round < 2; round++) {
            runtime().stopContainer(id, Duration.ZERO);
            runtime().removeContainer(id);
            runtime().stopPodSandbox(sandbox);
            runtime().removePodSandbox(sandbox);
        }
    }

    @Test
    default void whatIsNotThereIsNotFound() {
        assertNotFound(() -> runtime().containerStatus("nothing"));
        assertNotFound(() -> runtime().podSandboxStatus("nothing"));
        assertNotFound(() -> runtime().startContainer("nothing"));
    }

    @Test
    default void aSandboxHasAnAddressAndLosesItsContainersWhenStopped() throws InterruptedException {
        var id = start("addressed");
        var sandbox = sandboxOf(id);
        var ready = runtime().podSandboxStatus(sandbox);
        assertThat(ready.getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
        assertThat(ready.getNetwork().getIp()).matches("10\\.[0-9.]+");

        runtime().stopPodSandbox(sandbox);
        assertThat(runtime().podSandboxStatus(sandbox).getState()).isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
        assertThat(runtime().containerStatus(id).getState()).isEqualTo(ContainerState.CONTAINER_EXITED);

        runtime().removePodSandbox(sandbox);
        assertNotFound(() -> runtime().containerStatus(id));
    }

    @Test
    default void listsAreFiltered() throws InterruptedException {
        var pod = pod("listed").toBuilder().putLabels("pod", "listed").build();
        var sandbox = runtime().runPodSandbox(pod, "");
        var config = container("main").toBuilder()
                .putLabels("pod", "listed")
                .putAnnotations("note", "kept")
                .build();
        var id = runtime().createContainer(sandbox, config, pod);
        runtime().startContainer(id);
        start("unlisted");

        var found = runtime()
                .listContainers(ContainerFilter.newBuilder()
                        .putLabelSelector("pod", "listed")
                        .setState(ContainerStateValue.newBuilder().setState(ContainerState.CONTAINER_RUNNING))
                        .build());
        assertThat(found).extracting(Container::getId).containsExactly(id);
        assertThat(found.getFirst().getAnnotationsMap()).containsEntry("note", "kept");
        assertThat(found.getFirst().getPodSandboxId()).isEqualTo(sandbox);
        assertThat(runtime()
                        .listContainers(ContainerFilter.newBuilder()
                                .setPodSandboxId(sandbox)
                                .build()))
                .hasSize(1);
        assertThat(runtime()
                        .listPodSandboxes(PodSandboxFilter.newBuilder()
                                .putLabelSelector("pod", "listed")
                                .build()))
                .extracting(PodSandbox::getId)
                .containsExactly(sandbox);
    }

    @Test
    default void aContainerNeedsItsImage() throws InterruptedException {
        var pod = pod("imageless");
        var sandbox = runtime().runPodSandbox(pod, "");
        var config = container("main").toBuilder()
                .setImage(ImageSpec.newBuilder().setImage("kapal.local/nothing:1"))
                .build();

        assertThat(runtime().imageStatus("kapal.local/nothing:1")).isEmpty();
        assertNotFound(() -> runtime().createContainer(sandbox, config, pod));
    }

    @Test
    default void aCommandRunsOnlyInARunningContainer() throws InterruptedException {
        var id = start("commanded");
        assertThat(runtime()
                        .execSync(id, List.of("true"), Duration.ofSeconds(10))
                        .getExitCode())
                .isZero();

        runtime().stopContainer(id, Duration.ZERO);

        assertThatThrownBy(() -> runtime().execSync(id, List.of("true"), Duration.ofSeconds(10)))
                .isInstanceOf(CriException.class)
                .hasMessageContaining("container is in CONTAINER_EXITED state");
    }

    private String start(String name) throws InterruptedException {
        var pod = pod(name);
        var id = runtime().createContainer(runtime().runPodSandbox(pod, ""), container("main"), pod);
        runtime().startContainer(id);
        return id;
    }

    private String sandboxOf(String containerId) throws InterruptedException {
        return runtime()
                .listContainers(ContainerFilter.newBuilder().setId(containerId).build())
                .getFirst()
                .getPodSandboxId();
    }

    private static void assertNotFound(Executable call) {
        assertThatThrownBy(call::execute)
                .isInstanceOfSatisfying(
                        CriException.class,
                        failure -> assertThat(failure.code()).isEqualTo(CriException.Code.NOT_FOUND));
    }
}
