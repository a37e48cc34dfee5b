package dev.kapal.agent.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs a program of the system to its end.
final class Tool {
    private Tool() {}

    /// What the program printed.
    ///
    /// @throws IOException when it cannot be started, fails or takes longer than `limit`; its last words are
    ///     in the message
    static String run(Duration limit, String... command) throws IOException, InterruptedException {
        return run(limit, Path.of("/"), command);
    }

    static String run(Duration limit, Path directory, String... command) throws IOException, InterruptedException {
        var output = Files.createTempFile("kapal", ".out");
        try {
            var process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException(words(command) + " took longer than " + limit.toSeconds() + " s");
                }
                var text = Files.readString(output, StandardCharsets.ISO_8859_1);
                if (process.exitValue() != 0) {
                    throw new IOException(words(command) + " failed: " + text.strip());
                }
                return text;
            } finally {
                process.destroyForcibly();
            }
        } finally {
            Files.delete(output);
        }
    }

    private static String words(String... command) {
        return String.join(" ", List.of(command));
    }
}
