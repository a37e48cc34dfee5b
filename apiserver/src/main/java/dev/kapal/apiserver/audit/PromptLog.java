package dev.kapal.apiserver.audit;

import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Writes events into a file while whoever brings them waits. Any thread; blocks.
final class PromptLog implements AuditBatches.Target, AutoCloseable {
    private static final Log log = Log.of(PromptLog.class);

    private final AuditLog.Destination destination;
    private final Metrics.Counter errors;
    /// One writes at a time.
    private final ReentrantLock lock = new ReentrantLock();

    PromptLog(AuditLog.Destination destination, Metrics metrics) {
        this.destination = destination;
        this.errors = AuditLog.errors(metrics);
    }

    /// @param strict whether requests must not go on without their events
    AuditSink blocking(boolean strict) {
        return event -> send(List.of(event)) || !strict;
    }

    @Override
    public boolean send(List<byte[]> events) {
        lock.lock();
        try {
            destination.write(events);
            return true;
        } catch (IOException failed) {
            errors.add(events.size(), "log");
            log.error("audit events could not be written", "count", events.size(), "why", failed.getMessage());
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            destination.close();
        } finally {
            lock.unlock();
        }
    }
}
