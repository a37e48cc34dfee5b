package dev.kapal.agent.image;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.base.time.Time;
import dev.kapal.linux.Command;
import dev.kapal.linux.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// Puts image archives (OCI image layout or `docker save`) into containerd, where pods find them. Any thread.
///
/// @param socket containerd's
/// @param snapshotter the one that containerd's CRI plugin uses; an image unpacked for another would not start
public record ImageImport(Path socket, String snapshotter, ContainerRuntime runtime, Time time) {
    /// The namespace of containerd in which its CRI plugin looks.
    private static final String NAMESPACE = "k8s.io";

    private static final Pattern UNPACKED = Pattern.compile("(?m)^unpacking (\\S+) \\(");
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration SEEN_LIMIT = Duration.ofSeconds(20);
    private static final Duration SEEN_STEP = Duration.ofMillis(20);

    /// Imports every image of the archive; returns their names when pods can use them.
    ///
    /// @throws IOException when the file is missing or no image archive
    public List<String> load(Path archive) throws IOException, InterruptedException {
        if (!Files.isReadable(archive)) {
            throw new IOException("no such file: " + archive);
        }
        var output = run(
                "ctr",
                "--address",
                socket.toString(),
                "--namespace",
                NAMESPACE,
                "images",
                "import",
                "--snapshotter",
                snapshotter,
                archive.toString());
        var names =
                UNPACKED.matcher(output).results().map(match -> match.group(1)).toList();
        if (names.isEmpty()) {
            throw new IOException("no image in " + archive);
        }
        for (var name : names) {
            awaitSeen(name);
        }
        return names;
    }

    /// The CRI plugin learns of a new image through an event, a moment after the import.
    private void awaitSeen(String name) throws IOException, InterruptedException {
        long end = time.nanos() + SEEN_LIMIT.toNanos();
        while (runtime.imageStatus(name).isEmpty()) {
            if (time.nanos() > end) {
                throw new IOException(name + " was imported but the container runtime does not list it");
            }
            time.sleep(SEEN_STEP);
        }
    }

    private static String run(String... words) throws IOException, InterruptedException {
        return Commands.system().require(Command.of(words).within(LIMIT));
    }
}
