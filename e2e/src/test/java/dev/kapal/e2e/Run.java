package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What one command said and how it ended. Every command has a bound; one that passes it is killed and fails the test.
record Run(List<String> command, int code, String out, String err) {
    static Run of(Duration limit, Map<String, String> environment, byte[] input, List<String> command) {
        try {
            Path in = Files.createTempFile("kapal-story", ".in");
            Path out = Files.createTempFile("kapal-story", ".out");
            Path err = Files.createTempFile("kapal-story", ".err");
            try {
                Files.write(in, input);
                var builder = new ProcessBuilder(command)
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                var process = builder.start();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly().waitFor();
                    throw new AssertionError("no end within " + limit + ": " + String.join(" ", command) + "\n"
                            + Files.readString(out) + Files.readString(err));
                }
                return new Run(command, process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.deleteIfExists(in);
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException failure) {
            throw new AssertionError(String.join(" ", command), failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stop);
        }
    }

    static Run of(Duration limit, String... command) {
        return of(limit, Map.of(), new byte[0], List.of(command));
    }

    /// Fails the test unless the command ended with 0.
    Run ok() {
        assertThat(code).as("%s\n%s%s", String.join(" ", command), out, err).isZero();
        return this;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
