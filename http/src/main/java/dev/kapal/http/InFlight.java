package dev.kapal.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts requests under way: one counts those whose answer is awaited and will end by itself, another the streams and
/// upgrades that those become. Any thread.
final class InFlight {
    private final AtomicInteger count = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private volatile boolean awaited;
    private volatile boolean refusing;

    void begin() {
        count.incrementAndGet();
    }

    void end() {
        if (count.decrementAndGet() == 0 && awaited) {
            lock.lock();
            try {
                none.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /// From now on connections end with the answer that they carry.
    void refuseMore() {
        refusing = true;
    }

    boolean isRefusing() {
        return refusing;
    }

    int count() {
        return count.get();
    }

    /// Waits until the count is zero; false when it is not after `limit`.
    boolean awaitNone(Duration limit) {
        lock.lock();
        try {
            awaited = true;
            long left = limit.toNanos();
            while (count.get() > 0 && left > 0) {
                left = none.awaitNanos(left);
            }
            return count.get() == 0;
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return count.get() == 0;
        } finally {
            lock.unlock();
        }
    }
}
