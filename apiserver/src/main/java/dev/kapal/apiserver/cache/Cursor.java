package dev.kapal.apiserver.cache;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// One watcher's place in the events of a resource. Used by the one thread that watches; [#stop()] and the feed's
/// wake-up
/// come from any thread. It never holds up the feed: who is too slow falls behind and is told so.
public final class Cursor implements AutoCloseable {
    private final WatchCache cache;
    private final SortedTree<CachedObject> initial;
    private final long start;
    private final AtomicBoolean enlisted = new AtomicBoolean();
    private CacheEvent position;
    private volatile Thread watcher;
    private volatile boolean stopped;

    Cursor(WatchCache cache, CacheEvent position, long start) {
        this(cache, position, start, SortedTree.empty());
    }

    Cursor(WatchCache cache, CacheEvent position, long start, SortedTree<CachedObject> initial) {
        this.cache = cache;
        this.position = position;
        this.start = start;
        this.initial = initial;
    }

    /// The objects that the events start from; empty when the watch starts at a revision of the past.
    public SortedTree<CachedObject> initial() {
        return initial;
    }

    /// The revision that the events start after.
    public long start() {
        return start;
    }

    /// The next event if there is one. Throws [FellBehindException].
    public Optional<CacheEvent> poll() {
        while (true) {
            var next = position.next();
            if (next == null) {
                if (cache.forgot(position)) {
                    throw new FellBehindException();
                }
                return Optional.empty();
            }
            position = next;
            if (next.revision() > start) {
                return Optional.of(next);
            }
        }
    }

    /// Whether [#poll()] would find something, or that something was forgotten. Any thread; a moment late at worst.
    public boolean isBehind() {
        return position.next() != null || cache.forgot(position);
    }

    /// Blocks until there is an event, the cursor was stopped, or `nanos` have passed. May return early.
    public void await(long nanos) {
        watcher = Thread.currentThread();
        if (enlisted.compareAndSet(false, true)) {
            cache.enlist(this);
        }
        if (position.next() == null && !stopped && !cache.forgot(position)) {
            LockSupport.parkNanos(this, nanos);
        }
    }

    /// A revision up to which [#poll()] has handed out everything once it comes back empty afterwards.
    public long reached() {
        return Math.max(start, cache.reached());
    }

    /// Ends the waiting for good.
    public void stop() {
        stopped = true;
        LockSupport.unpark(watcher);
    }

    public boolean isStopped() {
        return stopped;
    }

    void wake() {
        enlisted.set(false);
        LockSupport.unpark(watcher);
    }

    @Override
    public void close() {
        stopped = true;
        cache.delist(this);
    }

    /// The watcher was so slow that events it has not seen are forgotten.
    public static final class FellBehindException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FellBehindException() {
            super("events were forgotten before they were read", null, false, false);
        }
    }
}
