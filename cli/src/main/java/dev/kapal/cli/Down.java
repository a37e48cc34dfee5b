package dev.kapal.cli;

import dev.kapal.agent.containerd.Containerd;
import dev.kapal.base.time.Time;
import dev.kapal.linux.Cgroups;
import dev.kapal.linux.Mounts;
import dev.kapal.network.NetworkConfig;
import dev.kapal.network.NetworkTeardown;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `kapal down`: stops the cluster and leaves nothing behind: no process, mount, cgroup, network namespace, link or
/// table.
/// Safe to repeat, also after a crash. The data stay unless `--purge` is given.
@Command(name = "down", description = "Stops the local cluster and leaves nothing behind.")
public final class Down implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// The parent of all pods' control groups, upstream's name.
    private static final String POD_CGROUPS = "/kubepods";

    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--purge", description = "also removes the data: all objects, images and certificates")
    private boolean purge;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var data = cluster.data();
        if (!Files.exists(data.root())) {
            System.out.println("Nothing runs in %s.".formatted(data.root()));
            return 0;
        }
        // The control plane first, so that nobody starts again what the next steps take down.
        var process = ServerProcess.find(data);
        if (process.isPresent()) {
            process.get().stop(PATIENCE);
        }
        Files.deleteIfExists(data.serverPid());
        if (DataDirectory.isRoot()) {
            takeDownNode(data);
        }
        Kubeconfig.remove(Kubeconfig.ofUser());
        if (purge) {
            delete(data.root());
        }
        System.out.println(
                purge
                        ? "Kapal is down and its data are gone."
                        : "Kapal is down; its data stay in %s.".formatted(data.root()));
        return 0;
    }

    /// The containers before what they stand on: volumes, groups, network.
    private static void takeDownNode(DataDirectory data) throws IOException, InterruptedException {
        var foreign = ForeignRuntime.of(data);
        if (foreign.isPresent()) {
            ForeignRuntime.removePods(data, foreign.get());
        }
        Containerd.tearDown(NodeRuntime.config(data), Time.system());
        Mounts.system().unmountUnder(data.root());
        var left = new ArrayList<>(NetworkTeardown.run(NetworkConfig.DEFAULT, data.cni()));
        // An agent may share its machine with other nodes, whose pods stay in their groups.
        boolean shared = Files.exists(data.agentKubeconfig());
        if (!Cgroups.detect().removeTree(POD_CGROUPS) && !shared) {
            left.add("the cgroup " + POD_CGROUPS + " still has processes");
        }
        if (!left.isEmpty()) {
            throw new Refusal("not all is gone, run it again or look: " + String.join("; ", left));
        }
    }

    /// Removes the tree, but never through a link out of it.
    private static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
