package dev.kapal.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What a channel receives, as a stream. The event loop offers, one thread reads, any thread closes. When much is
/// waiting the channel stops reading, so the peer is held up and not our memory.
final class ChannelInput extends InputStream {
    private static final int HIGH = 256 * 1024;
    private static final int LOW = 64 * 1024;

    private final Channel channel;
    /// Guards all below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Queue<ByteBuf> waiting = new ArrayDeque<>();
    private int held;
    /// Whether somebody reads, or is known to.
    private boolean wanted = true;

    private boolean paused;
    private boolean finished;
    private boolean closed;
    private IOException failure;

    ChannelInput(Channel channel) {
        this.channel = channel;
    }

    /// Of which no more is received until somebody reads.
    static ChannelInput unwanted(Channel channel) {
        var input = new ChannelInput(channel);
        input.wanted = false;
        return input;
    }

    /// Takes over `bytes`.
    void offer(ByteBuf bytes) {
        lock.lock();
        try {
            if (closed || finished || !bytes.isReadable()) {
                bytes.release();
                return;
            }
            waiting.add(bytes);
            held += bytes.readableBytes();
            if ((held > HIGH || !wanted) && !paused) {
                paused = true;
                channel.config().setAutoRead(false);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The peer has sent all it will send.
    void finish() {
        end(null);
    }

    /// The peer broke off.
    void fail(IOException cause) {
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

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return read(into, offset, length, Long.MAX_VALUE);
    }

    /// Reads like [#read(byte\[\], int, int)], but waits no longer than so many nanoseconds.
    int read(byte[] into, int offset, int length, long nanos) throws IOException {
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            want();
            long left = nanos;
            while (waiting.isEmpty() && !finished && !closed) {
                if (left <= 0) {
                    throw new InterruptedIOException("the peer takes too long");
                }
                left = changed.awaitNanos(left);
            }
            if (closed) {
                throw new IOException("the stream is closed");
            }
            if (waiting.isEmpty()) {
                if (failure != null) {
                    throw new IOException(failure.getMessage(), failure);
                }
                return -1;
            }
            return copy(into, offset, length);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            lock.unlock();
        }
    }

    private void want() {
        wanted = true;
        if (paused && held < LOW) {
            resume();
        }
    }

    private int copy(byte[] into, int offset, int length) {
        var first = waiting.element();
        int count = Math.min(length, first.readableBytes());
        first.readBytes(into, offset, count);
        if (!first.isReadable()) {
            waiting.remove().release();
        }
        held -= count;
        if (paused && held < LOW) {
            resume();
        }
        return count;
    }

    /// Whether the channel does not read until somebody has read here.
    boolean isPaused() {
        lock.lock();
        try {
            return paused;
        } finally {
            lock.unlock();
        }
    }

    private void resume() {
        paused = false;
        channel.config().setAutoRead(true);
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.forEach(ByteBuf::release);
            waiting.clear();
            held = 0;
            if (paused) {
                resume();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
