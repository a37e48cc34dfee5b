package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.agent.containerd.Containerd;
import dev.kapal.agent.containerd.ContainerdConfig;
import dev.kapal.agent.cri.GrpcContainerRuntime;
import dev.kapal.agent.cri.v1.PodSandboxFilter;
import dev.kapal.agent.image.ImageImport;
import dev.kapal.agent.image.PauseImage;
import dev.kapal.base.time.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A node on a containerd that somebody else owns: it is used, and it stays when the cluster goes.
@ExtendWith(Cluster.class)
@Timeout(300)
class ForeignRuntimeStory {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void usesTheRuntimeAndLeavesItRunningWithoutItsPods(Cluster cluster) throws Exception {
        cluster.kapal("down").ok();
        Path directory = Files.createTempDirectory("kapal-rt");
        var config = new ContainerdConfig(
                directory.resolve("data"),
                directory.resolve("run"),
                cluster.data().resolve("cni/net.d"),
                ContainerdConfig.under(directory, directory.resolve("run"), PauseImage.REFERENCE)
                        .cniBin(),
                PauseImage.REFERENCE);
        try (var containerd = Containerd.start(config, Time.system());
                var runtime = GrpcContainerRuntime.at(containerd.socket())) {
            Path pause = directory.resolve("pause.tar");
            PauseImage.writeTo(pause);
            new ImageImport(containerd.socket(), runtime.snapshotter().orElseThrow(), runtime, Time.system())
                    .load(pause);

            cluster.kapal(
                            "up",
                            "--port",
                            Integer.toString(Cluster.PORT),
                            "--runtime-endpoint",
                            "unix://" + containerd.socket())
                    .ok();
            cluster.buildBusybox();
            var kubectl = cluster.kubectl();
            kubectl.run("run", "guest", "--image=kapal.local/busybox:1", "--", "sleep", "3600");
            kubectl.until(SOON, "Running", "get", "pod", "guest");
            assertThat(kubectl.run("exec", "guest", "--", "echo", "here")).isEqualTo("here\n");
            assertThat(sandboxes(runtime)).isPositive();

            cluster.kapal("down", "--purge").ok();
            assertThat(sandboxes(runtime)).isZero();
            assertThat(runtime.version().getRuntimeName()).isEqualTo("containerd");
        } finally {
            Containerd.tearDown(config, Time.system());
            Run.of(SOON, "rm", "-rf", "--one-file-system", directory.toString()).ok();
        }
    }

    private static int sandboxes(GrpcContainerRuntime runtime) throws InterruptedException {
        return runtime.listPodSandboxes(PodSandboxFilter.getDefaultInstance()).size();
    }
}
