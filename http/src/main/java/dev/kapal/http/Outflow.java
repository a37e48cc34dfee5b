package dev.kapal.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Back-pressure of one direction: how many bytes are on their way. The writer takes, the event loop gives back.
final class Outflow {
    /// Enough for a busy link, little enough for thousands of slow watchers.
    static final int LIMIT = 256 * 1024;

    /// Guards all below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private long pending;
    private int waiters;
    private boolean gone;
    private long patience = Long.MAX_VALUE;

    /// The peer takes nothing, for longer than the writer is ready to wait.
    static final class StalledException extends IOException {
        private static final long serialVersionUID = 1;

        StalledException() {
            super("the peer does not read");
        }
    }

    /// How long the writer waits for a peer that takes nothing; for ever unless this is called.
    void patience(Duration limit) {
        lock.lock();
        try {
            patience = limit.toNanos();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is room, then counts `bytes` as on their way.
    ///
    /// @throws IOException when the peer has gone, or has taken nothing for too long
    void take(int bytes) throws IOException {
        lock.lock();
        try {
            awaitAtMost(LIMIT - 1);
            pending += bytes;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the peer has everything.
    ///
    /// @throws IOException when the peer has gone, or has taken nothing for too long
    void awaitEmpty() throws IOException {
        lock.lock();
        try {
            awaitAtMost(0);
        } finally {
            lock.unlock();
        }
    }

    private void awaitAtMost(int most) throws IOException {
        try {
            while (pending > most && !gone) {
                awaitProgress();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        if (gone) {
            throw new IOException("the peer has gone");
        }
    }

    private void awaitProgress() throws InterruptedException, StalledException {
        long before = pending;
        long left = patience;
        waiters++;
        try {
            while (pending == before && !gone) {
                if (left <= 0) {
                    gone = true;
                    throw new StalledException();
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            waiters--;
        }
    }

    void giveBack(int bytes) {
        lock.lock();
        try {
            pending -= bytes;
            if (waiters > 0) {
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
