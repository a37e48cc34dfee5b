package dev.kapal.agent.containerd;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/// Runs a small program of the system to its end.
final class Tool {
    private static final int LIMIT_SECONDS = 20;

    private Tool() {}

    /// Whether `command` ended well within the limit; its output is dropped.
    static boolean succeeds(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }
}
