package dev.kapal.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The cluster's background process, known by its pid and start time so that a reused pid is never taken for it.
final class ServerProcess {
    private static final int TAIL_BYTES = 16 << 10;

    private final DataDirectory data;
    private final ProcessHandle handle;

    private ServerProcess(DataDirectory data, ProcessHandle handle) {
        this.data = data;
        this.handle = handle;
    }

    /// The process that runs this data directory's cluster, if it lives.
    static Optional<ServerProcess> find(DataDirectory data) {
        try {
            String[] line = Files.readString(data.serverPid()).strip().split(" ");
            return ProcessHandle.of(Long.parseLong(line[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(handle -> line.length == 2 && line[1].equals(identity(handle)))
                    .map(handle -> new ServerProcess(data, handle));
        } catch (NoSuchFileException nobody) {
            return Optional.empty();
        } catch (IOException | NumberFormatException unreadable) {
            throw new Refusal("%s cannot be read (%s); if no Kapal process runs, remove it"
                    .formatted(data.serverPid(), unreadable.getMessage()));
        }
    }

    /// Starts `kapal server` in a session of its own, so that it outlives the terminal. Its output goes to the server
    /// log.
    static ServerProcess start(DataDirectory data, List<String> serverArguments) {
        var command = new ArrayList<String>(List.of("setsid", System.getProperty("kapal.launcher"), "server"));
        command.addAll(serverArguments);
        var builder = new ProcessBuilder(command)
                .directory(data.root().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(data.serverLog().toFile()))
                .redirectErrorStream(true);
        builder.environment().put("KAPAL_SKIP_BUILD", "1");
        try {
            // setsid and the launcher both exec: the child's pid is the server's.
            var handle = builder.start().toHandle();
            Files.writeString(data.serverPid(), handle.pid() + " " + identity(handle) + "\n");
            return new ServerProcess(data, handle);
        } catch (IOException failure) {
            throw new UncheckedIOException("the server process could not be started", failure);
        }
    }

    long pid() {
        return handle.pid();
    }

    /// When the process began.
    Instant started() {
        return handle.info().startInstant().orElse(Instant.EPOCH);
    }

    boolean isAlive() {
        return handle.isAlive();
    }

    /// Asks the process to stop, and kills it when it has not after `patience`.
    void stop(Duration patience) throws InterruptedException {
        handle.destroy();
        if (!ended(patience)) {
            handle.destroyForcibly();
            ended(Duration.ofSeconds(10));
        }
        try {
            Files.deleteIfExists(data.serverPid());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The last lines of the log, for a person who wonders why it ended.
    static List<String> lastLines(DataDirectory data, int count) {
        try (var log = new RandomAccessFile(data.serverLog().toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(TAIL_BYTES, log.length())];
            log.seek(log.length() - tail.length);
            log.readFully(tail);
            var lines = new String(tail, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException none) {
            return List.of();
        }
    }

    private boolean ended(Duration patience) throws InterruptedException {
        try {
            handle.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillThere) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String identity(ProcessHandle handle) {
        return handle.info()
                .startInstant()
                .map(start -> Long.toString(start.toEpochMilli()))
                .orElse("0");
    }
}
