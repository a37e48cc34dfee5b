package dev.kapal.apiserver.cache;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How far the caches have followed the store. One thread moves it, any thread waits for it.
final class Progress {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile long revision;
    private volatile int waiters;

    long revision() {
        return revision;
    }

    void moveTo(long reached) {
        revision = reached;
        if (waiters > 0) {
            lock.lock();
            try {
                moved.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Blocks until `wanted` is reached, at most `limit`; answers whether it is.
    boolean await(long wanted, Duration limit) throws InterruptedException {
        if (revision >= wanted) {
            return true;
        }
        lock.lockInterruptibly();
        try {
            waiters++; // before the check below: the mover looks at it after it moved
            long left = limit.toNanos();
            while (revision < wanted && left > 0) {
                left = moved.awaitNanos(left);
            }
            return revision >= wanted;
        } finally {
            waiters--;
            lock.unlock();
        }
    }
}
