package dev.kapal.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.FakeRuntime;
import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.ContainerMetadata;
import dev.kapal.agent.cri.v1.ImageSpec;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.testkit.FakeTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRotationTest {
    @TempDir
    Path directory;

    private final FakeTime time = new FakeTime();
    private final FakeRuntime runtime = new FakeRuntime(time).addImage("web:1");
    private String container;
    private Path logs;
    private Path file;

    @BeforeEach
    void startContainer() throws IOException {
        logs = directory.resolve("pods");
        var pod = PodSandboxConfig.newBuilder()
                .setLogDirectory(logs.resolve("default_web_1").toString())
                .build();
        var config = ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName("main"))
                .setImage(ImageSpec.newBuilder().setImage("web:1"))
                .putLabels("io.kubernetes.pod.name", "web")
                .putLabels("io.kubernetes.pod.namespace", "default")
                .setLogPath("main/0.log")
                .build();
        container = runtime.createContainer(runtime.runPodSandbox(pod, ""), config, pod);
        runtime.startContainer(container);
        file = logs.resolve("default_web_1/main/0.log");
        Files.createDirectories(file.getParent());
    }

    @Test
    void aSmallLogStays() throws Exception {
        Files.writeString(file, "short");

        rotation().check(container, file);

        assertThat(names()).containsExactly("0.log");
    }

    @Test
    void noMoreThanTheAllowedFilesStayAndOldOnesAreCompressed() throws Exception {
        for (int round = 0; round < 6; round++) {
            Files.writeString(file, "more than ten bytes");
            rotation().check(container, file);
            time.advance(Duration.ofMinutes(1));
        }

        assertThat(names())
                .containsExactly("0.log.20250101-000300.gz", "0.log.20250101-000400.gz", "0.log.20250101-000500");
    }

    @Test
    void theFileGoesBackWhenTheRuntimeCannotOpenANewOne() throws Exception {
        Files.writeString(file, "more than ten bytes");
        runtime.failNext("reopenContainerLog", new CriException(CriException.Code.UNKNOWN, "disk is full"));

        rotation().check(container, file);

        assertThat(names()).containsExactly("0.log");
    }

    @Test
    void theKeeperLinksEachLogAndForgetsTheRemoved() throws Exception {
        Files.writeString(file, "short");
        var links = directory.resolve("containers");
        Files.createDirectories(links);
        Files.createSymbolicLink(links.resolve("foreign.log"), Path.of("/elsewhere.log"));
        var keeper = new LogKeeper(runtime, time, logs, links);

        keeper.tidy();
        var link = links.resolve("web_default_main-" + container + ".log");
        assertThat(Files.readSymbolicLink(link)).isEqualTo(file);

        runtime.removeContainer(container);
        keeper.tidy();
        try (var left = Files.list(links)) {
            assertThat(left).containsExactly(links.resolve("foreign.log"));
        }
    }

    private LogRotation rotation() {
        return new LogRotation(runtime, time, 10, 4);
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(file.getParent())) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
