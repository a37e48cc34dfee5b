package dev.kapal.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How a run of kubectl ended.
public record KubectlRun(int status, String out, String err) {
    /// Runs one to its end, a minute at most.
    ///
    /// @param scratch where it may keep what it likes
    /// @param input what it reads from its standard input
    public static KubectlRun of(Path binary, Path kubeconfig, Path scratch, String input, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                binary.toString(),
                "--kubeconfig",
                kubeconfig.toString(),
                "--cache-dir",
                scratch.resolve("cache-" + binary.getFileName()).toString()));
        command.addAll(List.of(arguments));
        var out = scratch.resolve("out");
        var err = scratch.resolve("err");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("HOME", scratch.toString());
        var process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException endedBefore) {
            // a kubectl that reads nothing may have ended
        }
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("kubectl hangs: " + command + "\n" + Files.readString(err));
        }
        return new KubectlRun(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
