package dev.kapal.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Bytes from one thread to another, whole arrays at a time, bounded. The writer is a [Body].
///
///     writing ──finish──► finished     reader gets what is left, then -1
///        │ └────fail────► failed       reader gets what is left, then the failure
///        └──abandon─────► abandoned    writer gets an IOException
public final class Pipe implements Body {
    private final int capacity;
    /// Guards all below; never held while an action runs.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<byte[]> parts = new ArrayDeque<>();
    private final List<Runnable> whenAbandoned = new ArrayList<>();
    private int held;
    private boolean finished;
    private boolean abandoned;
    private IOException failure;

    /// @param capacity how many bytes may wait before the writer blocks; one array always fits
    public Pipe(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return;
        }
        lock.lock();
        try {
            while (held >= capacity && !abandoned) {
                await();
            }
            if (abandoned) {
                throw new IOException("the reader has gone");
            }
            if (finished) {
                throw new IOException("the body is closed");
            }
            parts.add(bytes);
            held += bytes.length;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void flush() throws IOException {
        lock.lock();
        try {
            if (abandoned) {
                throw new IOException("the reader has gone");
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        finish();
    }

    void finish() {
        end(null);
    }

    /// Ends it; the reader gets what is left, then `cause`.
    public void fail(IOException cause) {
        end(cause);
    }

    private void end(IOException cause) {
        lock.lock();
        try {
            if (!finished) {
                finished = true;
                failure = cause;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The reader wants no more.
    void abandon() {
        List<Runnable> actions;
        lock.lock();
        try {
            if (abandoned || finished) {
                abandoned = true;
                parts.clear();
                return;
            }
            abandoned = true;
            parts.clear();
            actions = List.copyOf(whenAbandoned);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    void onAbandoned(Runnable action) {
        lock.lock();
        try {
            if (!abandoned) {
                whenAbandoned.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /// The reading end; one thread, except that any thread may close it.
    public InputStream input() {
        return new Input();
    }

    private void await() throws InterruptedIOException {
        try {
            changed.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private final class Input extends InputStream {
        private byte[] current = new byte[0];
        private int position;

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (position >= current.length && !next()) {
                return -1;
            }
            int count = Math.min(length, current.length - position);
            System.arraycopy(current, position, into, offset, count);
            position += count;
            return count;
        }

        @Override
        public int available() {
            lock.lock();
            try {
                return current.length - position + held;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            abandon();
        }

        private boolean next() throws IOException {
            lock.lock();
            try {
                while (parts.isEmpty() && !finished && !abandoned) {
                    await();
                }
                if (abandoned) {
                    throw new IOException("the stream is closed");
                }
                if (parts.isEmpty()) {
                    if (failure != null) {
                        throw failure;
                    }
                    return false;
                }
                current = parts.remove();
                position = 0;
                held -= current.length;
                changed.signalAll();
                return true;
            } finally {
                lock.unlock();
            }
        }
    }
}
