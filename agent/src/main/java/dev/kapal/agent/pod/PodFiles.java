package dev.kapal.agent.pod;

import dev.kapal.base.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Takes away files of pods that are gone. What cannot be removed is named in the log and left.
final class PodFiles {
    private static final Log log = Log.of(PodFiles.class);

    private PodFiles() {}

    static void deleteFile(String file) {
        if (file.isEmpty()) {
            return;
        }
        try {
            Files.deleteIfExists(Path.of(file));
        } catch (IOException failure) {
            log.warn("file not removed", "file", file, "cause", failure.toString());
        }
    }

    /// Symbolic links are removed, never followed.
    static void deleteTree(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            log.warn("directory not removed", "directory", directory, "cause", failure.toString());
        }
    }
}
