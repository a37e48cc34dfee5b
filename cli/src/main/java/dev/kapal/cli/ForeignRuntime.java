package dev.kapal.cli;

import dev.kapal.agent.containerd.Pods;
import dev.kapal.agent.cri.CriException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// A container runtime that the cluster uses and somebody else owns (`--runtime-endpoint`). Remembered in the data
/// directory, so that other commands find it; its own pods and other people's are told apart by the volumes' directory.
public final class ForeignRuntime {
    private ForeignRuntime() {}

    /// The socket of the runtime that this cluster's node uses; empty when it has a containerd of its own.
    static Optional<Path> of(DataDirectory data) {
        try {
            return Files.exists(data.runtimeEndpoint())
                    ? Optional.of(
                            Path.of(Files.readString(data.runtimeEndpoint()).strip()))
                    : Optional.empty();
        } catch (IOException unreadable) {
            throw new Refusal("%s cannot be read (%s)".formatted(data.runtimeEndpoint(), unreadable.getMessage()));
        }
    }

    /// Notes which runtime the node uses from now on.
    public static void remember(DataDirectory data, Optional<Path> socket) throws IOException {
        if (socket.isPresent()) {
            Files.writeString(data.runtimeEndpoint(), socket.get() + "\n");
        } else {
            Files.deleteIfExists(data.runtimeEndpoint());
        }
    }

    /// Removes this cluster's pods and leaves everybody else's alone.
    static void removePods(DataDirectory data, Path socket) throws IOException, InterruptedException {
        var uids = podsWithVolumes(data);
        try {
            Pods.remove(socket, sandbox -> uids.contains(sandbox.getMetadata().getUid()));
        } catch (CriException silent) {
            throw new Refusal("the container runtime at %s does not answer (%s); start it and run this again"
                    .formatted(socket, silent.description()));
        }
        remember(data, Optional.empty());
    }

    private static Set<String> podsWithVolumes(DataDirectory data) throws IOException {
        var uids = new HashSet<String>();
        if (Files.isDirectory(data.pods())) {
            try (var directories = Files.list(data.pods())) {
                directories.forEach(
                        directory -> uids.add(directory.getFileName().toString()));
            }
        }
        return uids;
    }
}
