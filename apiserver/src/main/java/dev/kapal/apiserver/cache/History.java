package dev.kapal.apiserver.cache;

import java.time.Duration;
import java.util.Optional;

/// The recent events of one resource, for watches and reads that start in the past. Grows while its oldest event is
/// young, up to bounds in number and in bytes; then the oldest is forgotten, and so is what is old when more is held
/// than
/// a quiet resource needs. The feed appends, any thread looks up.
final class History {
    private static final int INITIAL = 128;
    private static final int BOUND = 8192;
    private static final long BOUND_BYTES = 64 << 20;
    private static final long YOUNG = Duration.ofSeconds(75).toNanos();
    private static final long OLD = Duration.ofMinutes(5).toNanos();

    /// A ring; guarded by this.
    private CacheEvent[] events = new CacheEvent[INITIAL];

    private int start;
    private int size;
    private long bytes;
    /// The newest forgotten event: its successor is the oldest one held. Volatile so that a watcher can see without a
    /// lock that it fell behind.
    private volatile CacheEvent anchor;

    History(CacheEvent origin) {
        this.anchor = origin;
    }

    synchronized void append(CacheEvent event) {
        if (size == events.length) {
            if (events.length < BOUND && event.nanos() - events[start].nanos() < YOUNG) {
                grow();
            } else {
                forgetOldest();
            }
        }
        events[(start + size) % events.length] = event;
        size++;
        bytes += weight(event);
        while (size > 1 && bytes > BOUND_BYTES || size > INITIAL && event.nanos() - events[start].nanos() > OLD) {
            forgetOldest();
        }
    }

    private static int weight(CacheEvent event) {
        return event.object().json().length;
    }

    /// The last event at or before `revision`; empty when that is forgotten.
    synchronized Optional<CacheEvent> at(long revision) {
        if (revision < anchor.revision()) {
            return Optional.empty();
        }
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (held(middle).revision() <= revision) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Optional.of(low == 0 ? anchor : held(low - 1));
    }

    /// The oldest revision that [#at] knows.
    long oldest() {
        return anchor.revision();
    }

    boolean forgot(CacheEvent event) {
        return event.sequence() < anchor.sequence();
    }

    /// Starts anew at `origin`; whoever follows the old chain falls behind.
    synchronized void reset(CacheEvent origin) {
        while (size > 0) {
            forgetOldest();
        }
        forget(origin);
    }

    private CacheEvent held(int index) {
        return events[(start + index) % events.length];
    }

    private void forgetOldest() {
        var oldest = events[start];
        events[start] = null;
        bytes -= weight(oldest);
        start = (start + 1) % events.length;
        size--;
        forget(oldest);
    }

    /// Moves the anchor first and cuts the chain then: a watcher that finds no successor can tell why.
    private void forget(CacheEvent event) {
        var before = anchor;
        anchor = event;
        before.next(null);
    }

    private void grow() {
        var larger = new CacheEvent[events.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = held(i);
        }
        events = larger;
        start = 0;
    }
}
