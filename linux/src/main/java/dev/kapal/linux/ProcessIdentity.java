package dev.kapal.linux;

import dev.kapal.base.time.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// One process of this boot: its pid together with when it started, so that a reused pid is never taken for it.
/// Immutable. Written to pid files as `PID START`.
///
/// Unit: `startTicks` counts clock ticks since boot. Source: proc(5), field 22 of /proc/pid/stat.
public record ProcessIdentity(long pid, long startTicks) {
    public static final int TERM = 15;
    public static final int KILL = 9;

    private static final Duration POLL = Duration.ofMillis(10);

    /// The process that has `pid` now. A zombie counts as gone.
    public static Optional<ProcessIdentity> of(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            // The name, field 2, is in parentheses and may hold anything; what follows the last one is regular.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean gone = fields[0].equals("Z") || fields[0].equals("X");
            return gone ? Optional.empty() : Optional.of(new ProcessIdentity(pid, Long.parseLong(fields[19])));
        } catch (IOException | RuntimeException none) {
            return Optional.empty();
        }
    }

    public static ProcessIdentity current() {
        return of(ProcessHandle.current().pid()).orElseThrow();
    }

    /// Reads what [#write] wrote; empty when there is no file or it makes no sense.
    public static Optional<ProcessIdentity> read(Path file) {
        try {
            var words = Files.readString(file).strip().split(" ");
            return Optional.of(new ProcessIdentity(Long.parseLong(words[0]), Long.parseLong(words[1])));
        } catch (IOException | RuntimeException none) {
            return Optional.empty();
        }
    }

    public void write(Path file) throws IOException {
        Files.writeString(file, pid + " " + startTicks + "\n");
    }

    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /// Sends `signal`; false when the process is gone.
    public boolean signal(int signal) {
        return isAlive() && SystemCalls.kill(Math.toIntExact(pid), signal) == 0;
    }

    /// Waits until the process is gone, at most `limit`; answers whether it is. It need not be our child.
    public boolean awaitEnd(Duration limit, Time time) throws InterruptedException {
        long end = time.nanos() + limit.toNanos();
        while (isAlive()) {
            if (time.nanos() - end >= 0) {
                return false;
            }
            time.sleep(POLL);
        }
        return true;
    }

    /// TERM, then KILL for what is left after `grace`.
    public void end(Duration grace, Time time) throws InterruptedException {
        if (signal(TERM) && !awaitEnd(grace, time)) {
            signal(KILL);
            awaitEnd(grace, time);
        }
    }
}
