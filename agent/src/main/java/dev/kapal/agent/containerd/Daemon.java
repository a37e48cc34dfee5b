package dev.kapal.agent.containerd;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The containerd process of one configuration, whoever started it. Immutable; any thread.
///
/// A pid alone proves nothing: it counts as ours when `/proc` says that it runs containerd with our configuration file.
record Daemon(ProcessHandle process) {
    private static final long LARGEST_LOG = 10L << 20;

    /// The running process that the pid file names, when it is one of ours.
    static Optional<Daemon> find(ContainerdConfig config) throws IOException {
        String text;
        try {
            text = Files.readString(config.pidFile()).strip();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        if (!text.matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(text))
                .filter(handle -> isOurs(handle.pid(), config))
                .map(Daemon::new);
    }

    /// Starts the process in a session of its own, so that neither our end nor a terminal's takes it along.
    static Daemon start(ContainerdConfig config, Binaries binaries) throws IOException {
        rotate(config.log());
        var log = Redirect.appendTo(config.log().toFile());
        var builder = new ProcessBuilder(List.of(
                        program(binaries, "setsid"),
                        program(binaries, "containerd"),
                        "--config",
                        config.file().toString()))
                .directory(config.data().toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log)
                .redirectError(log);
        builder.environment().put("PATH", binaries.searchPath());
        // Were we ourselves a service, containerd must not report itself ready in our name.
        builder.environment().remove("NOTIFY_SOCKET");
        var process = builder.start();
        var draft = config.pidFile().resolveSibling("containerd.pid.new");
        Files.writeString(draft, process.pid() + "\n");
        Files.move(draft, config.pidFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new Daemon(process.toHandle());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Blocks until the process has ended.
    void awaitEnd() throws InterruptedException {
        try {
            process.onExit().get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("waiting for a process cannot fail", impossible);
        }
    }

    /// TERM, and KILL when that did not help within `grace`.
    void end(Duration grace) throws InterruptedException {
        process.destroy();
        try {
            process.onExit().get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException stubborn) {
            process.destroyForcibly();
            awaitEnd();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("waiting for a process cannot fail", impossible);
        }
    }

    private static boolean isOurs(long pid, ContainerdConfig config) {
        try {
            var words = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1)
                    .split("\0");
            return List.of(words).contains("--config")
                    && List.of(words).contains(config.file().toString())
                    && Path.of(words[0]).endsWith("containerd");
        } catch (IOException gone) {
            return false;
        }
    }

    private static String program(Binaries binaries, String name) {
        return binaries.find(name)
                .orElseThrow(() -> new MissingBinariesException(name + " is missing"))
                .toString();
    }

    private static void rotate(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
            Files.move(log, log.resolveSibling("containerd.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
