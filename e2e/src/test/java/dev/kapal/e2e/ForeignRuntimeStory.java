package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A node on a containerd that somebody else owns: it is used, and it stays when the cluster goes. The last story: it
/// removes the data, and with them the images that others would have to build again.
@Order(Integer.MAX_VALUE)
@ExtendWith(Cluster.class)
@Timeout(300)
class ForeignRuntimeStory {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void usesTheRuntimeAndLeavesItRunningWithoutItsPods(Cluster cluster) throws Exception {
        Path directory = Files.createTempDirectory("kapal-rt");
        try (var containerd = ForeignContainerd.insteadOfTheOwn(cluster, directory)) {
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
            assertThat(containerd.sandboxes()).isPositive();

            cluster.kapal("down", "--purge").ok();
            assertThat(containerd.sandboxes()).isZero();
            assertThat(containerd.answers()).isTrue();
        }
    }
}
