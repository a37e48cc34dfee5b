package dev.kapal.http;

import java.util.concurrent.atomic.AtomicLong;

/// How much memory the bodies of requests may take at once, over all connections. What is made of a body is many times
/// as large: an empty object takes three bytes of JSON and a hundred of memory. Any thread.
final class BodyBudget {
    private static final int WEIGHT = 32;
    /// Shorter bodies cost nothing: there are no more of them than requests are let in at once.
    static final int FREE = 8 * 1024;

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    /// @param limit in bytes of memory
    BodyBudget(long limit) {
        this.limit = limit;
    }

    static BodyBudget ofHeap() {
        return new BodyBudget(Runtime.getRuntime().maxMemory() / 2);
    }

    /// What one request takes of it. One thread.
    final class Share {
        private long taken;

        /// Answers whether there is room for so many bytes more; a body that is alone always has room.
        boolean take(int bytes) {
            long cost = (long) bytes * WEIGHT;
            long all = held.addAndGet(cost);
            if (all > limit && all > taken + cost) {
                held.addAndGet(-cost);
                return false;
            }
            taken += cost;
            return true;
        }

        void giveBack() {
            held.addAndGet(-taken);
            taken = 0;
        }
    }

    Share share() {
        return new Share();
    }
}
