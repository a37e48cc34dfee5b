package dev.kapal.http;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes of bodies that do not come in one go with their head a server holds at once, over all connections.
/// Any
/// thread.
final class BodyBudget {
    /// What any server can hold: some bodies of the greatest size.
    private static final long LEAST = 16L << 20;

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    BodyBudget(long limit) {
        this.limit = limit;
    }

    /// A part of the heap: decoded, a body is several times as large.
    static BodyBudget ofHeap() {
        return new BodyBudget(Math.max(LEAST, Runtime.getRuntime().maxMemory() / 8));
    }

    /// Answers false, and takes nothing, when there is no room.
    boolean take(int bytes) {
        if (held.addAndGet(bytes) <= limit) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void giveBack(int bytes) {
        held.addAndGet(-bytes);
    }
}
