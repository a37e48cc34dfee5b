package dev.kapal.store;

import dev.kapal.store.Store.Batch;
import dev.kapal.store.Store.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A watch is *lagging*, and then pages through the log, or *caught up*, and then the writer puts events into its
/// bounded queue. A full queue makes it lag again, so a slow reader costs memory for one queue and never holds up a
/// writer.
///
/// ```
///            join: saw all that is published
///   LAGGING ────────────────────────────────▶ CAUGHT UP
///      ▲           queue full                     │
///      └──────────────────────────────────────────┘
/// ```
final class LogWatch implements Store.Watch {
    /// The most events that wait here, and the most bytes of their values.
    private static final int MOST_EVENTS = 4096;

    private static final long MOST_BYTES = 16 << 20;

    private final RevisionedStore store;
    private final Watches watches;
    private final String prefix;

    /// Guards all below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private List<Event> waiting = new ArrayList<>();
    private long waitingBytes;
    /// All events up to this revision have been queued or handed out.
    private long position;

    private boolean lagging = true;
    private boolean closed;

    LogWatch(RevisionedStore store, Watches watches, String prefix, long afterRevision) {
        this.store = store;
        this.watches = watches;
        this.prefix = prefix;
        this.position = afterRevision;
    }

    @Override
    public Batch next(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        while (true) {
            lock.lockInterruptibly();
            try {
                while (!lagging && waiting.isEmpty() && !closed && left > 0) {
                    left = changed.awaitNanos(left);
                }
                if (closed) {
                    throw new StoreClosedException("the watch is closed");
                }
                if (!waiting.isEmpty()) {
                    return takeAll();
                }
                if (!lagging) {
                    return new Batch.Progress(position);
                }
            } finally {
                lock.unlock();
            }
            var caught = readLog();
            if (caught.isPresent()) {
                return caught.get();
            }
        }
    }

    /// Takes over `events`, which end at `revision`; false, and lagging from here, when there is no room. Called by
    /// [Watches] for a watch that has caught up.
    boolean offer(List<Event> events, long revision) {
        lock.lock();
        try {
            if (waiting.size() >= MOST_EVENTS || waitingBytes >= MOST_BYTES) {
                lagging = true;
                return false;
            }
            boolean any = false;
            for (var event : events) {
                if (event.revision() > position && event.key().startsWith(prefix)) {
                    waiting.add(event);
                    waitingBytes += event.value().map(value -> value.length).orElse(0);
                    any = true;
                }
            }
            position = Math.max(position, revision);
            if (any) {
                changed.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Called by [Watches] when this watch has seen all there is.
    void caughtUp() {
        lock.lock();
        try {
            lagging = false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        watches.leave(this);
    }

    private Batch takeAll() {
        var events = waiting;
        waiting = new ArrayList<>();
        waitingBytes = 0;
        return new Batch.Events(events);
    }

    /// One page of the log; nothing when it holds nothing for us or when we have caught up. Only the reading thread
    /// gets here, and nobody else moves `position` while we lag.
    private Optional<Batch> readLog() {
        if (position >= store.revision()) {
            watches.join(this, position);
            return Optional.empty();
        }
        var page = store.log(prefix, position);
        if (page.isEmpty()) {
            return Optional.of(new Batch.Compacted(store.compacted()));
        }
        position = page.get().upTo();
        var events = page.get().events();
        return events.isEmpty() ? Optional.empty() : Optional.of(new Batch.Events(events));
    }
}
