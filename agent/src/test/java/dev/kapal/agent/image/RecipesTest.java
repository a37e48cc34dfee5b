package dev.kapal.agent.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.agent.Await;
import dev.kapal.agent.containerd.TestNode;
import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.ContainerState;
import dev.kapal.agent.cri.v1.ImageSpec;
import dev.kapal.agent.cri.v1.NamespaceMode;
import dev.kapal.testkit.MachineOfItsOwn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Tag("containerd")
@ExtendWith(MachineOfItsOwn.class)
class RecipesTest {
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
    void aServerFromADebianPackageRuns() throws Exception {
        var layer = DebianRootfs.layer(List.of("redis-server"), directory.resolve("debs"))
                .directory("/data", 0755, 1000);
        load(ImageBuilder.named("kapal.local/test/redis:1")
                .layer(layer)
                .user("1000")
                .workingDirectory("/data")
                .entrypoint("/usr/bin/redis-server", "--port", "0", "--unixsocket", "/data/redis.sock"));
        var id = run("redis", "kapal.local/test/redis:1");

        var log = Path.of(node.runtime().containerStatus(id).getLogPath());
        Await.until("redis is ready", () -> Files.readString(log).contains("ready to accept connections"));
    }

    @Test
    void aJavaProgramRunsOnTheLinkedRuntime() throws Exception {
        load(ImageBuilder.named("kapal.local/test/java:1")
                .layer(JavaRuntime.layer(List.of("java.base"), directory.resolve("java")))
                .entrypoint(JavaRuntime.HOME + "/bin/java", "-Xshare:on", "-XX:+UseSerialGC", "--version"));
        var id = run("java", "kapal.local/test/java:1");

        Await.until(
                "the program has ended",
                () -> node.runtime().containerStatus(id).getState() == ContainerState.CONTAINER_EXITED);
        var status = node.runtime().containerStatus(id);
        assertThat(Files.readString(Path.of(status.getLogPath()))).contains("sharing");
        assertThat(status.getExitCode()).isZero();
    }

    private static String run(String name, String image) throws InterruptedException {
        var config = ContainerConfig.newBuilder(node.container(name, ""))
                .clearCommand()
                .setImage(ImageSpec.newBuilder().setImage(image))
                .build();
        return node.run(node.pod(name, NamespaceMode.NODE), config);
    }

    private static void load(ImageBuilder image) throws Exception {
        var archive = directory.resolve("image.tar");
        image.writeTo(archive);
        System.out.println("image of " + (Files.size(archive) >> 20) + " MiB");
        node.images().load(archive);
    }
}
