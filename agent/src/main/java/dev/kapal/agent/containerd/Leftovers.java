package dev.kapal.agent.containerd;

import dev.kapal.base.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Removes what stays when containerd could not take its containers down: their shims and processes, mounts under our
/// directories, the state directory. Only what names our socket or lies under our paths is touched.
final class Leftovers {
    private static final Log log = Log.of(Leftovers.class);

    private Leftovers() {}

    static void remove(ContainerdConfig config) throws IOException, InterruptedException {
        endShims(config);
        // Twice: a mount can hide another one.
        for (int round = 0; round < 2; round++) {
            for (var mount : mountsUnder(config)) {
                Tool.succeeds("umount", "--lazy", mount.toString());
            }
        }
        if (!Tool.succeeds("rm", "-rf", "--one-file-system", config.state().toString())) {
            log.warn("state directory not removed", "path", config.state());
        }
    }

    private static void endShims(ContainerdConfig config) throws InterruptedException {
        var shims = ProcessHandle.allProcesses()
                .filter(process -> isShimOf(process, config))
                .toList();
        for (var shim : shims) {
            // Its children are the containers' first processes; everything else in a container dies with those.
            var processes = Stream.concat(shim.descendants(), Stream.of(shim)).toList();
            log.warn("orphaned shim killed", "pid", shim.pid(), "processes", processes.size());
            processes.forEach(ProcessHandle::destroyForcibly);
            for (var process : processes) {
                new Daemon(process).awaitEnd();
            }
        }
    }

    private static boolean isShimOf(ProcessHandle process, ContainerdConfig config) {
        try {
            var file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
            var words =
                    List.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\0"));
            return words.getFirst().contains("containerd-shim")
                    && words.contains(config.socket().toString());
        } catch (IOException gone) {
            return false;
        }
    }

    /// The deepest first.
    private static List<Path> mountsUnder(ContainerdConfig config) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> Path.of(unescaped(line.split(" ")[4])))
                .filter(path -> path.startsWith(config.state()) || path.startsWith(config.data()))
                .sorted(Comparator.comparing(Path::getNameCount).reversed())
                .toList();
    }

    /// The kernel writes space, tab, newline and backslash in octal.
    private static String unescaped(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
