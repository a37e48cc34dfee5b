package dev.kapal.bench;

import dev.kapal.pki.TlsContexts;
import dev.kapal.pki.TrustRoots;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/// A server process that a benchmark measures: started by the launcher as users start it, with data of its own, ended
/// with the benchmark.
final class Workbench implements AutoCloseable {
    private final Process process;
    private final Path data;
    private final int port;
    private final long startedAt;

    private Workbench(Process process, Path data, int port, long startedAt) {
        this.process = process;
        this.data = data;
        this.port = port;
        this.startedAt = startedAt;
    }

    /// Starts `kapal ROLE` in the background with an empty data directory.
    static Workbench start(String role, String... more) throws IOException {
        Path data = Files.createTempDirectory("kapal-bench");
        int port = freePort();
        var command = new ArrayList<>(List.of(
                System.getProperty("kapal.launcher"),
                role,
                "--data-dir",
                data.toString(),
                "--port",
                Integer.toString(port)));
        command.addAll(List.of(more));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("server.log").toFile());
        builder.environment().put("KAPAL_SKIP_BUILD", "1");
        long startedAt = System.nanoTime();
        return new Workbench(builder.start(), data, port, startedAt);
    }

    /// Blocks until the API server is ready to serve; answers with the time since the process was started.
    Duration ready() throws IOException, InterruptedException {
        Path authority = data.resolve("pki/ca.crt");
        while (!Files.exists(authority)) {
            pause();
        }
        var tls = TlsContexts.client(Optional.empty(), TrustRoots.read(authority));
        while (true) {
            try (var connection = new Connection(tls, "127.0.0.1", port)) {
                if (connection.exchange(Connection.request("GET", "/readyz", new byte[0])) == 200) {
                    return Duration.ofNanos(System.nanoTime() - startedAt);
                }
            } catch (IOException notYet) {
                // it does not listen
            }
            pause(); // asking takes processors from the server
        }
    }

    /// As [#ready()], and blocks until there is a kubeconfig, too.
    void accessible() throws IOException, InterruptedException {
        ready();
        while (!Files.exists(data.resolve("kubeconfig"))) {
            pause();
        }
    }

    private void pause() throws IOException, InterruptedException {
        if (!process.isAlive() || System.nanoTime() - startedAt > TimeUnit.MINUTES.toNanos(2)) {
            throw new IOException("the server did not become ready:\n" + Files.readString(data.resolve("server.log")));
        }
        TimeUnit.MILLISECONDS.sleep(5);
    }

    Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    int port() {
        return port;
    }

    Path data() {
        return data;
    }

    Config config() throws IOException {
        return new ConfigBuilder(
                        Config.fromKubeconfig(data.resolve("kubeconfig").toFile()))
                .withMasterUrl(URI.create("https://127.0.0.1:" + port).toString())
                .build();
    }

    KubernetesClient client() throws IOException {
        return new KubernetesClientBuilder().withConfig(config()).build();
    }

    SSLContext tls() throws IOException {
        try {
            return SSLUtils.sslContext(config());
        } catch (java.security.GeneralSecurityException broken) {
            throw new IOException(broken);
        }
    }

    Connection connect() throws IOException {
        return new Connection(tls(), "127.0.0.1", port);
    }

    /// Resident memory of the server, in bytes.
    long residentBytes() throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    /// Processor time that the server has used.
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        var down = new ProcessBuilder(
                        System.getProperty("kapal.launcher"), "down", "--purge", "--data-dir", data.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        down.environment().put("KAPAL_SKIP_BUILD", "1");
        down.start().waitFor(2, TimeUnit.MINUTES);
    }
}
