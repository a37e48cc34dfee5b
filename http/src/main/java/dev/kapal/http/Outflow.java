package dev.kapal.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Back-pressure of one direction: how many bytes are on their way. The writer takes, the event loop gives back.
final class Outflow {
    /// Enough for a busy link, little enough for thousands of slow watchers.
    private static final int LIMIT = 256 * 1024;

    /// Guards all below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private long pending;
    private boolean gone;

    /// Waits until there is room, then counts `bytes` as on their way.
    ///
    /// @throws IOException when the peer has gone
    void take(int bytes) throws IOException {
        lock.lock();
        try {
            while (pending >= LIMIT && !gone) {
                changed.await();
            }
            if (gone) {
                throw new IOException("the peer has gone");
            }
            pending += bytes;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            lock.unlock();
        }
    }

    void giveBack(int bytes) {
        lock.lock();
        try {
            boolean wasFull = pending >= LIMIT;
            pending -= bytes;
            if (wasFull && pending < LIMIT) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Wakes and refuses all writers from now on.
    void peerGone() {
        lock.lock();
        try {
            gone = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
