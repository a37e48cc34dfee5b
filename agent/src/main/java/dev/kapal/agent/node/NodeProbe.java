package dev.kapal.agent.node;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.v1.Image;
import dev.kapal.agent.cri.v1.RuntimeCondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Looks how the machine and its container runtime are. Any thread; blocks.
public final class NodeProbe {
    private final ContainerRuntime runtime;
    private final Path data;
    /// What it said when it last answered.
    private volatile String runtimeVersion = "";

    public NodeProbe(ContainerRuntime runtime, Path data) {
        this.runtime = runtime;
        this.data = data;
    }

    NodeHealth look() throws InterruptedException {
        var troubles = new ArrayList<String>();
        try {
            if (runtimeVersion.isEmpty()) {
                var version = runtime.version();
                runtimeVersion = version.getRuntimeName() + "://" + version.getRuntimeVersion();
            }
            for (var condition : runtime.status().getConditionsList()) {
                trouble(condition, troubles);
            }
        } catch (CriException failure) {
            troubles.add("container runtime is down");
            runtimeVersion = "";
        }
        try {
            var memory = Files.readAllLines(Path.of("/proc/meminfo"));
            var disk = Files.getFileStore(data);
            return new NodeHealth(
                    troubles,
                    runtimeVersion,
                    NodeFacts.kibibytes(memory, "MemAvailable") * 1024,
                    disk.getUsableSpace(),
                    disk.getTotalSpace(),
                    freePids());
        } catch (IOException failure) {
            troubles.add("machine cannot be read: " + failure.getMessage());
            return new NodeHealth(troubles, runtimeVersion, Long.MAX_VALUE, 0, 0, Long.MAX_VALUE);
        }
    }

    List<Image> images() throws InterruptedException {
        try {
            return runtime.listImages();
        } catch (CriException failure) {
            return List.of();
        }
    }

    private static void trouble(RuntimeCondition condition, List<String> troubles) {
        if (condition.getStatus()) {
            return;
        }
        var facts =
                condition.getType() + "=false reason:" + condition.getReason() + " message:" + condition.getMessage();
        switch (condition.getType()) {
            case "RuntimeReady" -> troubles.add("container runtime not ready: " + facts);
            case "NetworkReady" -> troubles.add("container runtime network not ready: " + facts);
            default -> {}
        }
    }

    /// `/proc/loadavg` counts every thread of the machine.
    private static long freePids() throws IOException {
        // read in one piece: the kernel answers only the first read of such a file
        long most = Long.parseLong(
                Files.readAllLines(Path.of("/proc/sys/kernel/pid_max")).getFirst());
        var running = Files.readAllLines(Path.of("/proc/loadavg")).getFirst().split(" ")[3];
        return most - Long.parseLong(running.substring(running.indexOf('/') + 1));
    }
}
