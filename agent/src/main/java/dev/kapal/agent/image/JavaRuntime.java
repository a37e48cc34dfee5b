package dev.kapal.agent.image;

import dev.kapal.linux.Command;
import dev.kapal.linux.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Makes the layer under Java applications: a runtime with a few modules, linked from the JDK that runs this, with the
/// C libraries it needs. Every image that uses the same modules shares the layer.
public final class JavaRuntime {
    /// Where the runtime is in the image.
    public static final String HOME = "/opt/java";

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private JavaRuntime() {}

    /// A full root file system in one layer.
    ///
    /// @param modules for instance `java.base` and `jdk.httpserver`
    /// @param cache where the linked runtime is kept for the next time
    /// @throws IOException when this Java cannot link runtimes (a JRE instead of a JDK)
    public static Layer layer(List<String> modules, Path cache) throws IOException, InterruptedException {
        var runtime = cache.resolve("java-" + Runtime.version().feature() + "-"
                + Integer.toHexString(
                        List.of(modules, Runtime.version().toString()).hashCode()));
        if (!Files.isDirectory(runtime)) {
            link(modules, runtime);
        }
        var architecture = Architecture.current();
        var layer = DebianRootfs.skeleton().tree(HOME, runtime);
        try (var walk = Files.walk(runtime)) {
            var libraries = SharedLibraries.neededBy(
                    walk.toList(), List.of(runtime.resolve("lib"), runtime.resolve("lib/server")), architecture);
            for (var library : libraries.found().entrySet()) {
                if (!library.getValue().startsWith(runtime)) {
                    layer.file(library.getKey(), library.getValue());
                }
            }
        }
        return layer;
    }

    private static void link(List<String> modules, Path target) throws IOException, InterruptedException {
        var jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
        if (!Files.isExecutable(jlink)) {
            throw new IOException("a runtime for images needs a JDK with jlink; " + jlink + " is missing");
        }
        var draft = target.resolveSibling("." + target.getFileName());
        Directories.delete(draft);
        Files.createDirectories(target.toAbsolutePath().getParent());
        run(
                jlink.toString(),
                "--add-modules",
                String.join(",", modules),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                draft.toString());
        // With the JDK's own class archive the virtual machine starts in about half the time.
        run(draft.resolve("bin/java").toString(), "-Xshare:dump", "-XX:+UseSerialGC");
        Files.move(draft, target);
    }

    private static String run(String... words) throws IOException, InterruptedException {
        return Commands.system().require(Command.of(words).within(LIMIT));
    }
}
