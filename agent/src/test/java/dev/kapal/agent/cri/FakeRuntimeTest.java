package dev.kapal.agent.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.ContainerMetadata;
import dev.kapal.agent.cri.v1.ContainerState;
import dev.kapal.agent.cri.v1.ImageSpec;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.agent.cri.v1.PodSandboxFilter;
import dev.kapal.testkit.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FakeRuntimeTest {
    private final FakeRuntime runtime = new FakeRuntime(new FakeTime()).addImage("web:1");

    @Test
    void aContainerRunsUntilItIsStopped() throws Exception {
        var container = start("web");

        assertThat(runtime.containerStatus(container).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
        runtime.stopContainer(container, Duration.ofSeconds(30));

        var status = runtime.containerStatus(container);
        assertThat(status.getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
        assertThat(status.getExitCode()).isEqualTo(143);
    }

    @Test
    void aContainerMayExitAsSoonAsItStarts() {
        runtime.exitsOnStart("web", 3);

        assertThat(runtime.containerStatus(start("web")).getExitCode()).isEqualTo(3);
        assertThat(runtime.containerStatus(start("web")).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    }

    @Test
    void removingTheSandboxRemovesWhatIsInIt() {
        var container = start("web");
        var sandbox =
                runtime.listPodSandboxes(PodSandboxFilter.getDefaultInstance()).getFirst();

        runtime.removePodSandbox(sandbox.getId());

        assertThatThrownBy(() -> runtime.containerStatus(container))
                .isInstanceOfSatisfying(
                        CriException.class, e -> assertThat(e.isNotFound()).isTrue());
    }

    private String start(String name) {
        var pod = PodSandboxConfig.newBuilder().setHostname("pod").build();
        var config = ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(name))
                .setImage(ImageSpec.newBuilder().setImage("web:1"))
                .build();
        var id = runtime.createContainer(runtime.runPodSandbox(pod, ""), config, pod);
        runtime.startContainer(id);
        return id;
    }
}
