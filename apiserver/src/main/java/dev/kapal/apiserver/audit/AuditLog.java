package dev.kapal.apiserver.audit;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Writes events into a file, in order, on one platform thread. Requests hand their lines over and go on; what has
/// gathered is written in one piece every few milliseconds. When more than [#ROOM] waits, requests wait: none is lost.
/// What was handed over is on its way to the file within [#GATHER]; a machine that dies may lose that much and what
/// the kernel had not written. [#close()] writes everything.
public final class AuditLog implements AuditSink, AutoCloseable {
    /// Bytes that may wait to be written.
    static final int ROOM = 8 * 1024 * 1024;

    private static final Duration GATHER = Duration.ofMillis(10);
    private static final Log log = Log.of(AuditLog.class);

    private final Destination destination;
    private final Metrics.Counter errors;
    private final Life life = new Life("audit-log");
    /// Guards the next four.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition room = lock.newCondition();
    private List<byte[]> waiting = new ArrayList<>();
    private int bytes;
    private boolean closed;
    /// Whether the writer sleeps until it is woken.
    private volatile boolean idle;

    private volatile Thread writer;

    /// Takes pieces of whole lines. One thread.
    interface Destination extends AutoCloseable {
        void write(List<byte[]> lines) throws IOException;

        @Override
        void close() throws IOException;
    }

    AuditLog(Destination destination, Metrics metrics) {
        this.destination = destination;
        errors = errors(metrics);
        life.startPlatform("writer", this::writeAll);
    }

    static Metrics.Counter errors(Metrics metrics) {
        return metrics.counter(
                "apiserver_audit_error_total",
                "Counter of audit events that failed to be audited properly. Plugin identifies the plugin affected by the error.",
                "plugin");
    }

    /// Appends to `path`, or writes to the standard output if it is `-`.
    public static AuditLog open(AuditLogConfig.LogFile file, Metrics metrics, Time time) throws IOException {
        return new AuditLog(destination(file, time), metrics);
    }

    static Destination destination(AuditLogConfig.LogFile file, Time time) throws IOException {
        return file.path().equals(Path.of("-")) ? new ToStream(System.out) : RotatingFile.open(file, time);
    }

    private record ToStream(OutputStream out) implements Destination {
        @Override
        public void write(List<byte[]> lines) throws IOException {
            for (var line : lines) {
                out.write(line);
            }
            out.flush();
        }

        @Override
        public void close() {}
    }

    @Override
    public boolean write(byte[] line) {
        lock.lock();
        try {
            while (bytes > 0 && bytes + line.length > ROOM && !closed) {
                LockSupport.unpark(writer);
                room.awaitUninterruptibly();
            }
            waiting.add(line);
            bytes += line.length;
        } finally {
            lock.unlock();
        }
        if (idle) {
            LockSupport.unpark(writer);
        }
        return true;
    }

    private void writeAll() {
        writer = Thread.currentThread();
        while (true) {
            var lines = take();
            if (!lines.isEmpty()) {
                put(lines);
                LockSupport.parkNanos(this, GATHER.toNanos());
            } else if (Thread.currentThread().isInterrupted()) {
                return;
            } else {
                sleepUntilWoken();
            }
        }
    }

    private void sleepUntilWoken() {
        idle = true;
        if (isEmpty()) {
            LockSupport.park(this);
        }
        idle = false;
    }

    private boolean isEmpty() {
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private List<byte[]> take() {
        lock.lock();
        try {
            var taken = waiting;
            waiting = new ArrayList<>(Math.max(16, taken.size()));
            bytes = 0;
            room.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void put(List<byte[]> lines) {
        try {
            destination.write(lines);
        } catch (IOException failed) {
            errors.add(lines.size(), "log");
            log.error("audit events could not be written", "count", lines.size(), "why", failed.getMessage());
        }
    }

    /// Writes what waits, then closes the file. What comes later is written by nobody.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
        } finally {
            lock.unlock();
        }
        life.close();
        var rest = take();
        if (!rest.isEmpty()) {
            put(rest);
        }
        destination.close();
    }
}
