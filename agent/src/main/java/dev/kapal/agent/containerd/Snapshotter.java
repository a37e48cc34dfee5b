package dev.kapal.agent.containerd;

import dev.kapal.linux.Command;
import dev.kapal.linux.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How containerd lays the layers of an image over each other.
public enum Snapshotter {
    /// The kernel's overlay: layers are shared, a container costs nothing until it writes.
    OVERLAYFS("overlayfs"),
    /// Plain copies: slow and large, works everywhere.
    NATIVE("native");

    private final String word;

    Snapshotter(String word) {
        this.word = word;
    }

    /// As containerd names it.
    public String word() {
        return word;
    }

    /// Tries an overlay in `directory`: on some file systems, and inside some containers, the kernel refuses it.
    public static Snapshotter workingIn(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        var probe = Files.createTempDirectory(directory, ".overlay");
        var merged = Files.createDirectory(probe.resolve("merged"));
        var parts = List.of("lower", "upper", "work");
        for (var part : parts) {
            Files.createDirectory(probe.resolve(part));
        }
        var options = "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(probe);
        boolean works = succeeds("mount", "-t", "overlay", "overlay", "-o", options, merged.toString());
        if (works) {
            succeeds("umount", merged.toString());
        }
        succeeds("rm", "-r", "--one-file-system", probe.toString());
        return works ? OVERLAYFS : NATIVE;
    }

    private static boolean succeeds(String... words) throws IOException, InterruptedException {
        return Commands.system().run(Command.of(words)).ok();
    }
}
