package dev.kapal.agent.containerd;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.ContainerRuntimeContract;
import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.NamespaceMode;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.testkit.MachineOfItsOwn;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Tag("containerd")
@ExtendWith(MachineOfItsOwn.class)
class GrpcContainerRuntimeTest implements ContainerRuntimeContract {
    @TempDir
    static Path directory;

    private static TestNode node;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.start(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    @Override
    public ContainerRuntime runtime() {
        return node.runtime();
    }

    @Override
    public PodSandboxConfig pod(String name) {
        return node.pod(name, NamespaceMode.POD);
    }

    @Override
    public ContainerConfig container(String name) {
        return node.container(name, "trap 'exit 143' TERM; while true; do sleep 0.05; done");
    }
}
