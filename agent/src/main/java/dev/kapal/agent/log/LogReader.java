package dev.kapal.agent.log;

import dev.kapal.base.time.Time;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Writes the part of one container's log that a query asks for. One thread; blocks while it follows.
///
/// Following looks for new bytes in short steps instead of being told: one look costs two system calls, and a rotated
/// file is noticed the same way. When the container has ended, what it still wrote is written, then it is over.
///
/// Source: CRI log format; Pod log API options.
public final class LogReader {
    private static final Duration STEP = Duration.ofMillis(50);
    /// Asking the runtime costs more than looking at the file.
    private static final int STEPS_PER_QUESTION = 10;

    private final LogQuery query;
    private final OutputStream out;
    private final Time time;
    private long remaining;
    private boolean atLineStart = true;

    /// Whether the container whose log is followed still runs.
    @FunctionalInterface
    public interface Running {
        boolean isRunning() throws InterruptedException;
    }

    public LogReader(LogQuery query, OutputStream out, Time time) {
        this.query = query;
        this.out = out;
        this.time = time;
        this.remaining = query.limitBytes().orElse(Long.MAX_VALUE);
    }

    /// @throws IOException when the log cannot be read, or `out` throws it because nobody reads any more
    public void read(Path file, Running container) throws IOException, InterruptedException {
        try (var log = LogFile.open(file)) {
            if (query.tail().isPresent()) {
                log.seekToLast(query.tail().getAsLong());
            }
            if (query.follow()) {
                follow(log, container);
            } else {
                copy(log);
                // The runtime may be in the middle of a line.
                var rest = log.rest();
                if (rest.isPresent() && remaining > 0) {
                    write(rest.get());
                }
            }
            out.flush();
        }
    }

    private void follow(LogFile log, Running container) throws IOException, InterruptedException {
        boolean runs = true;
        for (int step = 0; ; step++) {
            boolean more = copy(log);
            out.flush();
            if (!more) {
                return;
            }
            switch (log.followRotation()) {
                case SEEN -> time.sleep(STEP);
                case NONE -> {
                    if (!runs) {
                        return;
                    }
                    // The last look at the file comes after the question: nothing written before the end is missed.
                    runs = step % STEPS_PER_QUESTION != 0 || container.isRunning();
                    if (runs) {
                        time.sleep(STEP);
                    }
                }
                case DONE -> {
                    // The new file may have lines already.
                }
            }
        }
    }

    /// False when the limit is reached.
    private boolean copy(LogFile log) throws IOException {
        for (var line = log.next(); line.isPresent(); line = log.next()) {
            if (!write(line.get())) {
                return false;
            }
        }
        return true;
    }

    private boolean write(byte[] raw) throws IOException {
        Optional<LogLine> parsed = LogLine.parse(raw);
        if (parsed.isEmpty()) {
            return true;
        }
        var line = parsed.get();
        if (!query.streams().contains(line.stream())
                || query.since().isPresent()
                        && line.time().toInstant().isBefore(query.since().get())) {
            return true;
        }
        var text = query.timestamps() && atLineStart ? line.textAfterTime() : line.text();
        atLineStart = line.endsLine();
        int length = (int) Math.min(text.length, remaining);
        out.write(text, 0, length);
        remaining -= length;
        return remaining > 0;
    }
}
