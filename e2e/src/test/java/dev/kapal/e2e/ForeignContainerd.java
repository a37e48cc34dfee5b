package dev.kapal.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A containerd that is not Kapal's: set up as the cluster's own, but elsewhere, and started by hand.
final class ForeignContainerd implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String PAUSE = "kapal.local/pause:1";

    private final Cluster cluster;
    private final Path directory;
    private final Process process;

    private ForeignContainerd(Cluster cluster, Path directory, Process process) {
        this.cluster = cluster;
        this.directory = directory;
        this.process = process;
    }

    /// Takes the cluster down, because both use the same network of pods. Returns when the new one answers and has the
    /// image that holds pods' namespaces.
    static ForeignContainerd insteadOfTheOwn(Cluster cluster, Path directory) throws IOException {
        Path data = cluster.data().resolve("containerd");
        Path state = cluster.data().resolve("run/containerd");
        String image = directory.resolve("pause.tar").toString();
        ctr(state.resolve("containerd.sock"), "images", "export", image, PAUSE).ok();
        cluster.kapal("down").ok();

        Path config = directory.resolve("config.toml");
        Files.writeString(
                config,
                Files.readString(data.resolve("config.toml"))
                        .replace(data.toString(), directory.resolve("data").toString())
                        .replace(state.toString(), directory.resolve("run").toString()));
        Files.createDirectories(directory.resolve("run"));
        Files.createDirectories(cluster.data().resolve("cni/net.d"));
        var process = new ProcessBuilder("containerd", "--config", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        var started = new ForeignContainerd(cluster, directory, process);
        Patience.until(SOON, started::answers, yes -> yes, "the foreign containerd answers");
        ctr(started.socket(), "images", "import", image).ok();
        return started;
    }

    Path socket() {
        return directory.resolve("run/containerd.sock");
    }

    boolean answers() {
        return ctr(socket(), "version").code() == 0;
    }

    long sandboxes() {
        return ctr(socket(), "containers", "list", "--quiet", "labels.\"io.cri-containerd.kind\"==sandbox")
                .ok()
                .out()
                .lines()
                .count();
    }

    private static Run ctr(Path socket, String... arguments) {
        var command = new ArrayList<>(List.of("ctr", "--address", socket.toString(), "--namespace", "k8s.io"));
        command.addAll(List.of(arguments));
        return Run.of(SOON, command.toArray(String[]::new));
    }

    /// Ends it, after the cluster that uses it, and removes its data.
    @Override
    public void close() {
        cluster.kapal("down", "--purge");
        process.destroy();
        process.onExit().join();
        Run.of(SOON, "rm", "-rf", "--one-file-system", directory.toString()).ok();
    }
}
