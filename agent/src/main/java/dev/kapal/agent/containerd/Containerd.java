package dev.kapal.agent.containerd;

import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.GrpcContainerRuntime;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Our own containerd, kept running. Any thread.
///
/// It does not end with us: [#close()] only stops looking after it, and a later [#start] adopts it with all its
/// containers. When it dies it is started again, after a growing pause when it dies at once; containers go on
/// meanwhile,
/// because each has a shim of its own. [#tearDown] is the way to end it.
public final class Containerd implements AutoCloseable {
    private static final Log log = Log.of(Containerd.class);
    private static final Duration READY_LIMIT = Duration.ofSeconds(30);
    private static final Duration READY_STEP = Duration.ofMillis(10);
    private static final Duration END_GRACE = Duration.ofSeconds(10);
    /// A process that lived this long was healthy: its next start does not wait.
    private static final Duration HEALTHY = Duration.ofSeconds(30);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ContainerdConfig config;
    private final Binaries binaries;
    private final Snapshotter snapshotter;
    private final Time time;
    private final Life life = new Life("containerd");
    private final AtomicReference<Daemon> daemon = new AtomicReference<>();

    private Containerd(ContainerdConfig config, Binaries binaries, Snapshotter snapshotter, Time time) {
        this.config = config;
        this.binaries = binaries;
        this.snapshotter = snapshotter;
        this.time = time;
    }

    /// Adopts the running containerd of this configuration or starts one; returns when it answers CRI calls.
    ///
    /// @throws MissingBinariesException when a program is not installed
    /// @throws IOException when it does not start; the message ends with the last lines of its log
    public static Containerd start(ContainerdConfig config, Time time) throws IOException, InterruptedException {
        var binaries = Binaries.ofThisMachine(config.cniBin());
        binaries.missing().ifPresent(sentence -> {
            throw new MissingBinariesException(sentence);
        });
        prepare(config);
        var containerd = new Containerd(config, binaries, Snapshotter.workingIn(config.data()), time);
        containerd.adoptOrLaunch();
        containerd.life.start("supervisor", containerd::supervise);
        return containerd;
    }

    public Path socket() {
        return config.socket();
    }

    /// How layers are laid over each other here; whoever imports an image unpacks it for this one.
    public Snapshotter snapshotter() {
        return snapshotter;
    }

    /// The process that serves [#socket()] now.
    public long pid() {
        return daemon.get().identity().pid();
    }

    /// Stops looking after the process and leaves it running.
    @Override
    public void close() {
        life.close();
    }

    /// Ends every pod, containerd, and whatever a broken end left: processes, mounts, state. Images stay. Does nothing
    /// when there is nothing. Works after a crash too: containerd is started once more to take its containers down.
    public static void tearDown(ContainerdConfig config, Time time) throws IOException, InterruptedException {
        if (Files.exists(config.state())) {
            try (var containerd = start(config, time)) {
                Pods.removeAll(config.socket());
            } catch (IOException | CriException | MissingBinariesException failure) {
                log.warn("pods could not be removed in order", "reason", failure.getMessage());
            }
        }
        for (var daemon : Daemon.all(config)) {
            daemon.identity().end(END_GRACE, time);
        }
        Leftovers.remove(config, time);
    }

    private void adoptOrLaunch() throws IOException, InterruptedException {
        var current = Daemon.current(config);
        for (var daemon : Daemon.all(config)) {
            if (!current.equals(Optional.of(daemon))) {
                log.warn("stray containerd ended", "pid", daemon.identity().pid());
                daemon.identity().end(END_GRACE, time);
            }
        }
        if (current.isEmpty()) {
            launch();
            return;
        }
        daemon.set(current.get());
        awaitReady(current.get());
        log.info("containerd adopted", "pid", pid());
    }

    private void launch() throws IOException, InterruptedException {
        long start = time.nanos();
        Files.writeString(config.file(), config.toml(snapshotter));
        var started = Daemon.start(config, binaries);
        daemon.set(started);
        awaitReady(started);
        log.info(
                "containerd started",
                "pid",
                started.identity().pid(),
                "snapshotter",
                snapshotter.word(),
                "took_ms",
                Duration.ofNanos(time.nanos() - start).toMillis());
    }

    private void awaitReady(Daemon started) throws IOException, InterruptedException {
        long end = time.nanos() + READY_LIMIT.toNanos();
        try (var runtime = GrpcContainerRuntime.at(config.socket())) {
            while (true) {
                try {
                    runtime.version();
                    return;
                } catch (CriException notYet) {
                    if (!started.isAlive()) {
                        throw new IOException("containerd ended at its start: " + lastWords());
                    }
                    if (time.nanos() > end) {
                        throw new IOException("containerd does not answer on " + config.socket() + " ("
                                + notYet.description() + "): " + lastWords());
                    }
                }
                time.sleep(READY_STEP);
            }
        }
    }

    /// Runs on its own thread until closed.
    private void supervise() throws InterruptedException {
        var pause = Duration.ZERO;
        while (true) {
            long since = time.nanos();
            daemon.get().awaitEnd(time);
            boolean wasHealthy = time.nanos() - since > HEALTHY.toNanos();
            pause = wasHealthy ? Duration.ZERO : longer(pause);
            log.error("containerd ended and is started again", "pause_ms", pause.toMillis(), "log", config.log());
            time.sleep(pause);
            try {
                launch();
            } catch (IOException failure) {
                log.error("containerd did not start", "reason", failure.getMessage());
            }
        }
    }

    private static Duration longer(Duration pause) {
        var next = pause.isZero() ? Duration.ofMillis(100) : pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }

    private String lastWords() throws IOException {
        if (!Files.exists(config.log())) {
            return "it wrote no log";
        }
        List<String> lines = Files.readAllLines(config.log());
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }

    private static void prepare(ContainerdConfig config) throws IOException {
        var onlyOwner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(config.data());
        Files.createDirectories(config.cniConf());
        if (!Files.exists(config.state())) {
            Files.createDirectories(config.state().getParent());
            Files.createDirectory(config.state(), onlyOwner);
        }
    }
}
