package dev.kapal.cli;

import dev.kapal.base.time.Time;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `kapal up`: a cluster in the background, ready when this returns 0. Safe to repeat, also while another `up` runs.
@Command(name = "up", description = "Starts a local cluster in the background; returns when its node is ready.")
public final class Up implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration GLANCE = Duration.ofMillis(50);

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--port",
            defaultValue = "6443",
            paramLabel = "P",
            description = "the API server's port (${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--runtime-endpoint",
            paramLabel = "SOCKET",
            description = "uses the container runtime at this CRI socket instead of a containerd of its own")
    private String runtimeEndpoint;

    @Option(
            names = "--legacy-apis",
            defaultValue = "true",
            arity = "1",
            paramLabel = "true|false",
            description = "serves versions that Kubernetes has removed, such as extensions/v1beta1 (${DEFAULT-VALUE})")
    private boolean legacyApis;

    private final Time time = Time.system();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!DataDirectory.isRoot()) {
            var missing = DebianPackages.missing();
            throw new Refusal("a node runs containers and needs root; run: sudo ./kapal up"
                    + (missing.isEmpty() ? "" : " (missing packages: " + String.join(" ", missing) + ")"));
        }
        var data = cluster.data().create();
        DebianPackages.install(DebianPackages.missing());
        try (var channel = FileChannel.open(
                        data.run().resolve("up.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            var process = ServerProcess.find(data);
            if (process.isPresent()) {
                awaitReady(data, process.get());
                System.out.println(
                        "Kapal runs already (pid %d).".formatted(process.get().pid()));
            } else {
                start(data);
            }
            Kubeconfig.merge(data.kubeconfig(), Kubeconfig.ofUser());
            return 0;
        }
    }

    private void start(DataDirectory data) throws IOException, InterruptedException {
        refuseTakenPort();
        long begun = time.nanos();
        Files.deleteIfExists(data.kubeconfig());
        var process = ServerProcess.start(data, serverArguments(data));
        awaitReady(data, process);
        System.out.println("Kapal is ready after %.1f s: kubectl get nodes".formatted((time.nanos() - begun) / 1e9));
    }

    private List<String> serverArguments(DataDirectory data) {
        var arguments =
                new ArrayList<>(List.of("--data-dir", data.root().toString(), "--port", Integer.toString(port)));
        if (runtimeEndpoint != null) {
            arguments.addAll(List.of("--runtime-endpoint", runtimeEndpoint));
        }
        if (!legacyApis) {
            arguments.add("--legacy-apis=false");
        }
        return arguments;
    }

    private void refuseTakenPort() {
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(port));
        } catch (IOException taken) {
            throw new Refusal("port %d is taken by another process; stop that, or choose another: ./kapal up --port P"
                    .formatted(port));
        }
    }

    private void awaitReady(DataDirectory data, ServerProcess process) throws InterruptedException {
        long end = time.nanos() + PATIENCE.toNanos();
        String last = "the API server does not answer yet";
        while (time.nanos() < end) {
            if (!process.isAlive()) {
                throw died(data);
            }
            if (Files.exists(data.kubeconfig())) {
                last = notReadyYet(data, process, end);
                if (last.isEmpty()) {
                    return;
                }
            }
            time.sleep(GLANCE);
        }
        throw new Refusal("the cluster is not ready after %d s: %s; see %s"
                .formatted(PATIENCE.toSeconds(), last, data.serverLog()));
    }

    /// Empty when all nodes are ready; otherwise why not. Asks again and again over one connection while the process
    /// lives.
    private String notReadyYet(DataDirectory data, ServerProcess process, long end) throws InterruptedException {
        try (var access = Access.to(data)) {
            String last = "";
            while (time.nanos() < end && process.isAlive()) {
                try {
                    var nodes = access.nodes();
                    if (!nodes.isEmpty()
                            && nodes.stream()
                                    .allMatch(node ->
                                            Access.isReady(node) && access.wasSeenSince(node, process.started()))) {
                        return "";
                    }
                    last = nodes.isEmpty() ? "no node has registered" : "a node is not ready";
                } catch (KubernetesClientException notYet) {
                    last = String.valueOf(notYet.getMessage());
                }
                time.sleep(GLANCE);
            }
            return last;
        }
    }

    private static Refusal died(DataDirectory data) {
        var lines = ServerProcess.lastLines(data, 5);
        String why = lines.stream()
                .filter(line -> line.startsWith("kapal: "))
                .reduce((first, second) -> second)
                .map(line -> line.substring("kapal: ".length()))
                .orElse("it said last:\n  " + String.join("\n  ", lines));
        Path log = data.serverLog();
        return new Refusal("the cluster did not start: %s\n(the whole log: %s)".formatted(why, log));
    }
}
