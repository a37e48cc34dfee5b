package dev.kapal.apiserver.version;

import java.io.IOException;
import java.nio.file.Path;

/// Run by the build: writes down from what it builds.
public final class BuildRecord {
    private BuildRecord() {}

    /// @param arguments the directory of the sources, and that of this package's classes
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Build.of(Path.of(arguments[0])).write(Path.of(arguments[1], Build.FILE));
    }
}
