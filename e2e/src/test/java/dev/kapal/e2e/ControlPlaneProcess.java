package dev.kapal.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A `kapal server --no-node` of a story's own on a port that the kernel chooses: needs no root and no containers, so
/// several may run.
final class ControlPlaneProcess implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Process process;
    private final Path data;
    private final Path log;

    private ControlPlaneProcess(Process process, Path data, Path log) {
        this.process = process;
        this.data = data;
        this.log = log;
    }

    /// Returns when the server answers.
    static ControlPlaneProcess start(Path data, String... options) throws IOException {
        Path log = Files.createTempFile("kapal-story", ".log");
        var command = new ArrayList<>(List.of(
                Cluster.home().resolve("kapal").toString(),
                "server",
                "--no-node",
                "--data-dir",
                data.toString(),
                "--port",
                "0"));
        command.addAll(List.of(options));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("KAPAL_SKIP_BUILD", "1");
        var started = new ControlPlaneProcess(builder.start(), data, log);
        try {
            started.awaitReady();
            return started;
        } catch (AssertionError failure) {
            started.close();
            throw failure;
        }
    }

    private void awaitReady() {
        Patience.until(
                SOON,
                () -> Files.exists(kubeconfig()) && process.isAlive(),
                up -> up,
                "the server writes its kubeconfig");
        Patience.until(
                SOON,
                () -> kubectl().attempt("get", "--raw", "/readyz").code(),
                code -> code == 0,
                "the server is ready");
    }

    Path kubeconfig() {
        return data.resolve("kubeconfig");
    }

    Kubectl kubectl() {
        return Kubectl.newest(kubeconfig());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.delete(log);
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
