package dev.kapal.store;

import dev.kapal.store.Store.Event;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Hands new changes to the watches that have caught up with the log. The store's writer publishes, watches join.
final class Watches {
    /// Guards the two below. Taken before a watch's own lock, never after.
    private final ReentrantLock lock = new ReentrantLock();

    private final Set<LogWatch> caughtUp = new HashSet<>();
    private long published;
    private boolean closed;

    Watches(long revision) {
        published = revision;
    }

    /// Gives each watch its share of `events`, which end at `revision`. Those that have too much waiting drop out and
    /// read the log themselves. Never blocks for a watch.
    void publish(List<Event> events, long revision) {
        lock.lock();
        try {
            published = revision;
            caughtUp.removeIf(watch -> !watch.offer(events, revision));
        } finally {
            lock.unlock();
        }
    }

    /// Takes in a watch that has seen everything up to `position`; false when that is no longer all there is.
    boolean join(LogWatch watch, long position) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosedException("the store is closed");
            }
            if (position < published) {
                return false;
            }
            watch.caughtUp();
            caughtUp.add(watch);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void leave(LogWatch watch) {
        lock.lock();
        try {
            caughtUp.remove(watch);
        } finally {
            lock.unlock();
        }
    }

    /// Ends the watches that wait here; those that read the log find the store closed.
    void close() {
        List<LogWatch> last;
        lock.lock();
        try {
            closed = true;
            last = List.copyOf(caughtUp);
            caughtUp.clear();
        } finally {
            lock.unlock();
        }
        last.forEach(LogWatch::close);
    }
}
