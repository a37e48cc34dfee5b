package dev.kapal.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// A look at all processes of the machine through `/proc`. Any thread.
public final class ProcessTable {
    /// A process with its command line; kernel threads have an empty one.
    public record Entry(ProcessIdentity identity, List<String> command) {
        public Entry {
            command = List.copyOf(command);
        }

        /// The program's file name without its directory.
        public String program() {
            var first = command.isEmpty() ? "" : command.getFirst();
            return first.substring(first.lastIndexOf('/') + 1);
        }
    }

    private ProcessTable() {}

    /// Live processes that `wanted` accepts.
    public static List<Entry> find(Predicate<Entry> wanted) throws IOException {
        var found = new ArrayList<Entry>();
        try (var directories = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var directory : directories) {
                long pid = Long.parseLong(directory.getFileName().toString());
                ProcessIdentity.of(pid)
                        .map(identity -> new Entry(identity, command(directory)))
                        .filter(wanted)
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    private static List<String> command(Path directory) {
        try {
            var text = Files.readString(directory.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            return text.isEmpty() ? List.of() : List.of(text.split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }
}
