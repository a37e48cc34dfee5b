package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// `./kapal down` leaves nothing behind, and the next `up` finds everything again.
@ExtendWith(Cluster.class)
class FarewellStory {
    private static final Duration SHORT = Duration.ofSeconds(60);

    @Test
    void downLeavesNothingAndUpRemembers(Cluster cluster) throws Exception {
        cluster.up();
        cluster.buildBusybox();
        var kubectl = cluster.kubectl();
        kubectl.run("create", "configmap", "memory", "--from-literal=kept=yes");
        kubectl.apply(Web.shell("leaver"));
        kubectl.run("wait", "--for=condition=Ready", "pod/leaver", "--timeout=60s");
        String data = cluster.data().toString();

        cluster.kapal("down").ok();

        assertThat(processesOf(data)).as("processes").isEmpty();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                .as("mounts")
                .doesNotContain(data);
        assertThat(Run.of(SHORT, "nft", "list", "tables").ok().out())
                .as("nftables tables")
                .doesNotContain("kapal");
        assertThat(Run.of(SHORT, "ip", "-brief", "link").ok().out()).as("links").doesNotContain("kapal");
        assertThat(Run.of(SHORT, "ip", "netns", "list").ok().out())
                .as("network namespaces")
                .doesNotContain("cni-");
        assertThat(Run.of(SHORT, "ip", "route", "show", "table", "all").ok().out())
                .as("routes")
                .doesNotContain("10.244.", "10.96.");
        assertThat(cgroups()).as("cgroups").isEmpty();
        assertThat(cluster.kapal("status").code()).isEqualTo(3);
        assertThat(cluster.kapal("down").code()).as("down again is harmless").isZero();

        cluster.up();
        assertThat(kubectl.run("get", "configmap", "memory", "-o", "jsonpath={.data.kept}"))
                .isEqualTo("yes");
        kubectl.run("delete", "configmap", "memory");
        kubectl.run("wait", "--for=condition=Ready", "pod/leaver", "--timeout=60s");
        kubectl.run("delete", "pod", "leaver", "--timeout=60s");
    }

    private static List<String> processesOf(String data) {
        return ProcessHandle.allProcesses()
                .map(process ->
                        process.pid() + " " + process.info().commandLine().orElse(""))
                .filter(line -> line.contains(data))
                .filter(line -> !line.contains("surefire"))
                .toList();
    }

    private static List<Path> cgroups() throws Exception {
        try (Stream<Path> all = Files.find(
                Path.of("/sys/fs/cgroup"),
                4,
                (path, attributes) -> attributes.isDirectory()
                        && path.getFileName().toString().equals("kubepods"))) {
            return all.toList();
        }
    }
}
