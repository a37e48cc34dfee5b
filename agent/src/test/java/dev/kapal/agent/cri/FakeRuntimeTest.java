package dev.kapal.agent.cri;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.ContainerMetadata;
import dev.kapal.agent.cri.v1.ContainerState;
import dev.kapal.agent.cri.v1.ImageSpec;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.agent.cri.v1.PodSandboxMetadata;
import dev.kapal.testkit.FakeTime;
import org.junit.jupiter.api.Test;

class FakeRuntimeTest implements ContainerRuntimeContract {
    private final FakeRuntime runtime = new FakeRuntime(new FakeTime()).addImage("web:1");

    @Override
    public ContainerRuntime runtime() {
        return runtime;
    }

    @Override
    public PodSandboxConfig pod(String name) {
        return PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder().setName(name))
                .setHostname(name)
                .build();
    }

    @Override
    public ContainerConfig container(String name) {
        return ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(name))
                .setImage(ImageSpec.newBuilder().setImage("web:1"))
                .build();
    }

    @Test
    void aContainerMayExitAsSoonAsItStarts() {
        runtime.exitsOnStart("web", 3);

        assertThat(runtime.containerStatus(start("web")).getExitCode()).isEqualTo(3);
        assertThat(runtime.containerStatus(start("web")).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    }

    private String start(String name) {
        var pod = pod(name);
        var id = runtime.createContainer(runtime.runPodSandbox(pod, ""), container(name), pod);
        runtime.startContainer(id);
        return id;
    }
}
