package dev.kapal.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/// The options that name a cluster, shared by all commands.
public final class ClusterOptions {
    @Option(
            names = "--data-dir",
            paramLabel = "D",
            description =
                    "where the cluster keeps its data (root: /var/lib/kapal, otherwise the user's data directory)")
    private Path directory;

    public DataDirectory data() {
        return new DataDirectory(directory == null ? DataDirectory.usual() : directory);
    }
}
