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
import java.util.List;
import java.util.Optional;

/// A containerd process of one configuration, whoever started it. Immutable; any thread.
///
/// It counts as ours when it runs with our configuration file in our mount namespace: a container may have the same
/// paths. The one that the pid file names, with the time of its start, is the current one.
record Daemon(ProcessIdentity identity) {
    private static final long LARGEST_LOG = 10L << 20;
    private static final Duration POLL = Duration.ofMillis(200);

    static Optional<Daemon> current(ContainerdConfig config) throws IOException {
        var named = ProcessIdentity.read(config.pidFile());
        return all(config).stream()
                .filter(daemon -> named.equals(Optional.of(daemon.identity())))
                .findFirst();
    }

    /// The current one, and strays: they lost their directories under their feet and serve a socket that nobody finds.
    static List<Daemon> all(ContainerdConfig config) throws IOException {
        var wanted = config.file().toString();
        var namespace = mountNamespace("self");
        return ProcessTable.find(entry -> entry.program().equals("containerd")
                        && entry.command().contains(wanted)
                        && mountNamespace(Long.toString(entry.identity().pid())).equals(namespace))
                .stream()
                .map(entry -> new Daemon(entry.identity()))
                .toList();
    }

    private static String mountNamespace(String process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", process, "ns/mnt")).toString();
        } catch (IOException gone) {
            return "";
        }
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
