package dev.kapal.apiserver.version;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// From what the server was built. The same sources give the same answer: the date is that of the commit.
///
/// @param commit empty when nobody knows
/// @param treeState `clean`, or `dirty` when there was more than the commit; empty when nobody knows
record Build(String commit, String treeState, String date) {
    static final String FILE = "build.properties";
    private static final Build UNKNOWN = new Build("", "", Instant.EPOCH.toString());

    /// What [BuildRecord] has left beside this class.
    static final Build OF_THIS_PROCESS = read();

    private static Build read() {
        try (var file = Build.class.getResourceAsStream(FILE)) {
            if (file == null) {
                return UNKNOWN;
            }
            var known = new Properties();
            known.load(file);
            return new Build(
                    known.getProperty("commit", UNKNOWN.commit),
                    known.getProperty("treeState", UNKNOWN.treeState),
                    known.getProperty("date", UNKNOWN.date));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// What Git says of the sources in `root`, which may be no work tree of Git.
    static Build of(Path root) throws InterruptedException {
        try {
            if (!git(root, "rev-parse", "--show-prefix").isEmpty()) {
                return UNKNOWN; // they lie within somebody else's
            }
            var commit = git(root, "rev-parse", "HEAD");
            var date = Instant.ofEpochSecond(Long.parseLong(git(root, "show", "-s", "--format=%ct", "HEAD")));
            boolean clean = git(root, "status", "--porcelain").isEmpty();
            return new Build(
                    commit,
                    clean ? "clean" : "dirty",
                    date.truncatedTo(ChronoUnit.SECONDS).toString());
        } catch (IOException withoutGit) {
            return UNKNOWN;
        }
    }

    /// What Git prints. Throws [IOException] when it does not work here.
    private static String git(Path root, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("git", "--no-optional-locks", "-C", root.toString()));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(output);
        }
        return output.strip();
    }

    /// Writes the file if it says something else.
    void write(Path file) throws IOException {
        var text = "commit=" + commit + "\ntreeState=" + treeState + "\ndate=" + date.replace(":", "\\:") + "\n";
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
    }
}
