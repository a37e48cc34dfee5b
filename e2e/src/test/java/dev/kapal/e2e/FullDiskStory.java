package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// A control plane whose disk fills up: writes are refused clearly, reads go on, nothing is lost, and all is well again
/// once there is room.
class FullDiskStory {
    private static final Duration SHORT = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(60);

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    @Test
    @EnabledIf(value = "isRoot", disabledReason = "mounts a small file system")
    void refusesWritesGoesOnReadingAndRecovers() throws Exception {
        Path disk = Files.createTempDirectory("kapal-disk");
        Run.of(SHORT, "mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", disk.toString())
                .ok();
        try {
            live(disk);
        } finally {
            Run.of(SHORT, "umount", "--lazy", disk.toString()).ok();
            Files.delete(disk);
        }
    }

    private static void live(Path disk) throws Exception {
        Path data = disk.resolve("data");
        try (var server = ControlPlaneProcess.start(data)) {
            var kubectl = server.kubectl();
            kubectl.run("create", "configmap", "before", "--from-literal=a=b");

            Path filler = disk.resolve("filler");
            Run.of(SHORT, "dd", "if=/dev/zero", "of=" + filler, "bs=64k");
            String big = "x".repeat(200_000);
            Run refused =
                    Patience.until(SOON, () -> create(kubectl, big), run -> run.code() != 0, "a write is refused");
            assertThat(refused.err()).containsAnyOf("no space", "disk", "507", "storage");
            assertThat(kubectl.run("get", "configmap", "before", "-o", "jsonpath={.data.a}"))
                    .isEqualTo("b");

            Files.delete(filler);
            Patience.until(SOON, () -> create(kubectl, "small"), run -> run.code() == 0, "writes are taken again");
            assertThat(kubectl.run("get", "configmap", "before", "-o", "jsonpath={.data.a}"))
                    .isEqualTo("b");
        }
    }

    private static int number;

    private static Run create(Kubectl kubectl, String value) {
        String manifest = """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"filler-%d"},"data":{"x":"%s"}}""".formatted(number++, value);
        return Run.of(SHORT, Map.of(), Run.bytes(manifest), kubectl.command("create", "-f", "-"));
    }
}
