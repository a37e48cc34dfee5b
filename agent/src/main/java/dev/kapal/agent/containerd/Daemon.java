package dev.kapal.agent.containerd;

import dev.kapal.base.time.Time;
import dev.kapal.linux.ProcessIdentity;
import dev.kapal.linux.ProcessTable;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;

/// The containerd process of one configuration, whoever started it. Immutable; any thread.
///
/// It counts as ours when the pid file names it, with the time of its start, and `/proc` says that it runs with our
/// configuration file.
record Daemon(ProcessIdentity identity) {
    private static final long LARGEST_LOG = 10L << 20;
    private static final Duration POLL = Duration.ofMillis(200);

    /// The running process that the pid file names, when it is one of ours.
    static Optional<Daemon> find(ContainerdConfig config) throws IOException {
        var named = ProcessIdentity.read(config.pidFile());
        if (named.isEmpty()) {
            return Optional.empty();
        }
        var wanted = config.file().toString();
        return ProcessTable.find(entry -> entry.identity().equals(named.get())
                        && entry.program().equals("containerd")
                        && entry.command().contains(wanted))
                .stream()
                .map(entry -> new Daemon(entry.identity()))
                .findFirst();
    }

    /// Starts the process in a session of its own, so that neither our end nor a terminal's takes it along.
    static Daemon start(ContainerdConfig config, Binaries binaries) throws IOException {
        rotate(config.log());
        var log = Redirect.appendTo(config.log().toFile());
        var builder = new ProcessBuilder(
                        program(binaries, "setsid"),
                        program(binaries, "containerd"),
                        "--config",
                        config.file().toString())
                .directory(config.data().toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log)
                .redirectError(log);
        builder.environment().put("PATH", binaries.searchPath());
        // Were we ourselves a service, containerd must not report itself ready in our name.
        builder.environment().remove("NOTIFY_SOCKET");
        long pid = builder.start().pid();
        var identity = ProcessIdentity.of(pid).orElseThrow(() -> new IOException("containerd ended at its start"));
        identity.write(config.pidFile());
        return new Daemon(identity);
    }

    boolean isAlive() {
        return identity.isAlive();
    }

    /// Blocks until the process has ended. It need not be our child, so the kernel does not tell us.
    void awaitEnd(Time time) throws InterruptedException {
        while (identity.isAlive()) {
            time.sleep(POLL);
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
