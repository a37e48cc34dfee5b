package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// A control plane whose disk fills up: writes are refused clearly, reads go on, nothing is lost, and all is well again
/// once there is room.
class FullDiskStory {
    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(30);

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
        Path log = Files.createTempFile("kapal-disk", ".log");
        var builder = new ProcessBuilder(
                        Cluster.home().resolve("kapal").toString(),
                        "server",
                        "--no-node",
                        "--data-dir",
                        data.toString(),
                        "--port",
                        freePort())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("KAPAL_SKIP_BUILD", "1");
        var server = builder.start();
        try {
            Patience.until(
                    SOON,
                    () -> Files.exists(data.resolve("kubeconfig")) && server.isAlive(),
                    up -> up,
                    "the server writes its kubeconfig");
            var kubectl = Kubectl.newest(data.resolve("kubeconfig"));
            Patience.until(
                    SOON,
                    () -> kubectl.attempt("get", "namespace", "default").code(),
                    code -> code == 0,
                    "the server is up");
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
        } finally {
            server.destroy();
            if (!server.waitFor(20, TimeUnit.SECONDS)) {
                server.destroyForcibly().waitFor();
            }
            Files.delete(log);
        }
    }

    private static int number;

    private static Run create(Kubectl kubectl, String value) {
        String manifest = """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"filler-%d"},"data":{"x":"%s"}}""".formatted(number++, value);
        return Run.of(SHORT, Map.of(), Run.bytes(manifest), kubectl.command("create", "-f", "-"));
    }

    private static String freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return Integer.toString(socket.getLocalPort());
        }
    }
}
