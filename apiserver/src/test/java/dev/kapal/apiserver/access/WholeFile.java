package dev.kapal.apiserver.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Writes a file so that nobody ever sees half of it.
final class WholeFile {
    private WholeFile() {}

    static void write(Path file, String content) throws IOException {
        var fresh = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), content);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
