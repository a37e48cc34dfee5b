package dev.kapal.linux;

import dev.kapal.base.life.Life;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs real processes. The caller waits; two or three threads of the command's own move the bytes, so that neither
/// side can block the other on a full pipe. They are platform threads: reading a pipe would hold a carrier.
enum SystemCommands implements Commands {
    INSTANCE;

    private static final int OUTPUT_LIMIT = 64 << 20;

    @Override
    public Result run(Command command) throws IOException, InterruptedException {
        var process = start(command);
        try (var life = new Life("command " + command.words().getFirst())) {
            try {
                var output = read(life, process.getInputStream());
                var errors = read(life, process.getErrorStream());
                write(life, process, command.input());
                if (!process.waitFor(command.limit().toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new CommandException(command, "did not end within " + command.limit());
                }
                return new Result(process.exitValue(), take(output), take(errors));
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static Process start(Command command) throws IOException {
        try {
            return new ProcessBuilder(command.words()).start();
        } catch (IOException missing) {
            throw new CommandException(command, missing.getMessage());
        }
    }

    private static void write(Life life, Process process, String input) throws IOException {
        if (input.isEmpty()) {
            process.getOutputStream().close();
            return;
        }
        life.startPlatform("stdin", () -> {
            try (var out = process.getOutputStream()) {
                out.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException ended) {
                // The tool stopped reading; its exit status and its errors tell why.
            }
        });
    }

    private static Future<String> read(Life life, InputStream stream) {
        var text = new CompletableFuture<String>();
        life.startPlatform("output", () -> {
            try {
                text.complete(new String(stream.readNBytes(OUTPUT_LIMIT), StandardCharsets.UTF_8));
            } catch (IOException closed) {
                text.complete("");
            }
        });
        return text;
    }

    /// The tool has ended, so its output is at hand, unless a daemon it left behind still holds the pipe.
    private static String take(Future<String> text) throws InterruptedException {
        try {
            return text.get(2, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException held) {
            return "";
        }
    }
}
