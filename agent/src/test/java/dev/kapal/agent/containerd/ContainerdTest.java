package dev.kapal.agent.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.agent.Await;
import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.v1.ContainerFilter;
import dev.kapal.agent.cri.v1.ContainerState;
import dev.kapal.agent.cri.v1.NamespaceMode;
import dev.kapal.base.time.Time;
import dev.kapal.linux.Commands;
import dev.kapal.linux.Mounts;
import dev.kapal.linux.ProcessIdentity;
import dev.kapal.linux.ProcessTable;
import dev.kapal.testkit.MachineOfItsOwn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Tag("containerd")
@ExtendWith(MachineOfItsOwn.class)
class ContainerdTest {
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

    @Test
    void aContainerRunsAnswersCommandsAndEndsOnTerm() throws Exception {
        var pod = node.pod("web", NamespaceMode.NODE);
        var id =
                node.run(pod, node.container("main", "trap 'exit 3' TERM; echo hello; while true; do sleep 0.1; done"));

        var answer = node.runtime().execSync(id, List.of("sh", "-c", "echo $((6*7)); exit 5"), Duration.ofSeconds(10));
        assertThat(answer.getStdout().toStringUtf8()).isEqualTo("42\n");
        assertThat(answer.getExitCode()).isEqualTo(5);

        node.runtime().stopContainer(id, Duration.ofSeconds(10));
        var status = node.runtime().containerStatus(id);
        assertThat(status.getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
        assertThat(status.getExitCode()).isEqualTo(3);
        assertThat(Files.readString(Path.of(status.getLogPath()))).endsWith(" stdout F hello\n");
    }

    @Test
    void aPodGetsAnAddress() throws Exception {
        var pod = node.pod("addressed", NamespaceMode.POD);
        long start = System.nanoTime();
        var sandbox = node.runtime().runPodSandbox(pod, "");
        var id = node.runtime().createContainer(sandbox, node.container("main", "sleep 1000"), pod);
        node.runtime().startContainer(id);
        System.out.println("sandbox and container started in " + (System.nanoTime() - start) / 1_000_000 + " ms");

        var status = node.runtime().podSandboxStatus(sandbox);
        assertThat(status.getNetwork().getIp()).startsWith("10.199.");
        node.runtime().stopPodSandbox(sandbox);
        node.runtime().removePodSandbox(sandbox);
        assertThat(node.runtime()
                        .listContainers(ContainerFilter.newBuilder().setId(id).build()))
                .isEmpty();
    }

    @Test
    void anotherStartAdoptsTheProcessAndItsContainers() throws Exception {
        var id = node.run(node.pod("stays", NamespaceMode.NODE), node.container("main", "sleep 1000"));
        long pid = node.containerd().pid();

        node.detach();
        node.startContainerd();

        assertThat(node.containerd().pid()).isEqualTo(pid);
        assertThat(node.runtime().containerStatus(id).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    }

    @Test
    void aKilledProcessIsStartedAgainAndContainersLive() throws Exception {
        var id = node.run(node.pod("survives", NamespaceMode.NODE), node.container("main", "sleep 1000"));
        long pid = node.containerd().pid();

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        Await.until("containerd runs again", () -> node.containerd().pid() != pid);
        Await.until("the same client sees the container", () -> isRunning(id));
    }

    private static boolean isRunning(String id) throws InterruptedException {
        try {
            return node.runtime().containerStatus(id).getState() == ContainerState.CONTAINER_RUNNING;
        } catch (CriException notYet) {
            return false;
        }
    }

    @Test
    void aProcessThatLostItsDirectoriesIsReplaced() throws Exception {
        var own = Files.createDirectory(directory.resolve("lost"));
        try (var lost = TestNode.start(own)) {
            lost.detach();
            long pid = lost.containerd().pid();
            Commands.system().require("rm", "-rf", lost.config().state().toString());

            lost.startContainerd();

            assertThat(ProcessIdentity.of(pid)).isEmpty();
            assertThat(lost.runtime().version().getRuntimeName()).isEqualTo("containerd");
        }
    }

    @Test
    void tearingDownAfterACrashLeavesNothing() throws Exception {
        var own = Files.createDirectory(directory.resolve("crash"));
        try (var crashed = TestNode.start(own)) {
            crashed.run(crashed.pod("left", NamespaceMode.NODE), crashed.container("main", "sleep 1000"));
            crashed.detach();
            ProcessHandle.of(crashed.containerd().pid()).orElseThrow().destroyForcibly();

            Containerd.tearDown(crashed.config(), Time.system());

            assertNothingLeft(crashed.config());
        }
    }

    @Test
    void leftoversOfADeadContainerdAreRemovedWithoutIt() throws Exception {
        var own = Files.createDirectory(directory.resolve("dead"));
        try (var dead = TestNode.start(own)) {
            dead.run(dead.pod("left", NamespaceMode.NODE), dead.container("main", "sleep 1000"));
            dead.detach();
            var process = ProcessHandle.of(dead.containerd().pid()).orElseThrow();
            process.destroyForcibly();
            process.onExit().get();

            Leftovers.remove(dead.config(), Time.system());

            assertNothingLeft(dead.config());
        }
    }

    private static void assertNothingLeft(ContainerdConfig config) throws Exception {
        var socket = config.socket().toString();
        var file = config.file().toString();
        assertThat(ProcessTable.find(entry ->
                        entry.command().contains(socket) || entry.command().contains(file)))
                .isEmpty();
        assertThat(Mounts.system().under(config.state())).isEmpty();
        assertThat(Mounts.system().under(config.data())).isEmpty();
        assertThat(config.state()).doesNotExist();
    }
}
