package dev.kapal.apiserver.audit;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Gathers events and sends many at once, so that requests never wait. Any thread hands over; one thread gathers, each
/// batch has a thread while it is sent. When the buffer is full, events are lost and counted. [#close()] sends what
/// waits, unless that takes longer than [#LAST].
///
/// Source: upstream's `plugin/pkg/audit/buffered`.
final class AuditBatches implements AuditSink, AutoCloseable {
    /// How long the end may take.
    static final Duration LAST = Duration.ofSeconds(5);

    private static final Log log = Log.of(AuditBatches.class);

    private final Target target;
    private final AuditBatching how;
    private final int atOnce;
    private final Metrics.Counter errors;
    private final Time time;
    private final Semaphore places;
    private final Life life = new Life("audit-batches");
    private final Thread gatherer;
    /// Guards the next four.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition news = lock.newCondition();
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private boolean due;
    private boolean closed;

    /// Takes whole batches. Any thread.
    interface Target {
        /// @return whether they arrived
        boolean send(List<byte[]> events) throws InterruptedException;
    }

    /// @param atOnce how many batches may be on their way at the same time
    AuditBatches(Target target, AuditBatching how, int atOnce, Metrics metrics, Time time) {
        this.target = target;
        this.how = how;
        this.atOnce = atOnce;
        this.places = new Semaphore(atOnce);
        this.errors = AuditLog.errors(metrics);
        this.time = time;
        if (how.maxWait().isPositive()) {
            life.start("clock", this::tick);
        }
        gatherer = life.start("gatherer", this::gather);
    }

    @Override
    public boolean write(byte[] event) {
        lock.lock();
        try {
            if (!closed && waiting.size() < how.bufferSize()) {
                waiting.add(event);
                if (waiting.size() >= how.maxSize() || how.maxWait().isZero()) {
                    news.signal();
                }
                return true;
            }
        } finally {
            lock.unlock();
        }
        lost(1, "audit buffer queue blocked");
        return true;
    }

    private void lost(int count, String why) {
        errors.add(count, "buffered");
        log.warn("audit events are lost", "count", count, "why", why);
    }

    private void tick() throws InterruptedException {
        while (true) {
            time.sleep(how.maxWait());
            lock.lock();
            try {
                due = true;
                news.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    private void gather() throws InterruptedException {
        var throttle = how.throttle().map(limit -> new Throttling(limit, time));
        for (var batch = next(); !batch.isEmpty(); batch = next()) {
            if (throttle.isPresent()) {
                throttle.get().await();
            }
            places.acquire();
            var events = batch;
            life.spawn("send", () -> send(events));
        }
    }

    private void send(List<byte[]> events) {
        try {
            target.send(events);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            lost(events.size(), "the server is stopping");
        } finally {
            places.release();
        }
    }

    /// Waits until there are enough, or some and it is time. Empty at the end.
    private List<byte[]> next() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && waiting.size() < how.maxSize() && !(isDue() && !waiting.isEmpty())) {
                due = false; // nothing has come in all that time
                news.await();
            }
            due = false;
            var batch = new ArrayList<byte[]>();
            while (batch.size() < how.maxSize() && !waiting.isEmpty()) {
                batch.add(waiting.poll());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue() {
        return due || how.maxWait().isZero();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            news.signal();
        } finally {
            lock.unlock();
        }
        try {
            if (gatherer.join(LAST)) {
                places.tryAcquire(atOnce, LAST.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        life.close();
        if (!waiting.isEmpty()) {
            lost(waiting.size(), "the server is stopping");
        }
    }

    /// A token bucket. One thread.
    private static final class Throttling {
        private final AuditBatching.Throttle limit;
        private final Time time;
        private double tokens;
        private long last;

        Throttling(AuditBatching.Throttle limit, Time time) {
            this.limit = limit;
            this.time = time;
            this.tokens = limit.burst();
            this.last = time.nanos();
        }

        void await() throws InterruptedException {
            refill();
            if (tokens < 1) {
                time.sleep(Duration.ofNanos((long) Math.ceil((1 - tokens) / limit.qps() * 1e9)));
                refill();
            }
            tokens--;
        }

        private void refill() {
            long now = time.nanos();
            tokens = Math.min(limit.burst(), tokens + (now - last) / 1e9 * limit.qps());
            last = now;
        }
    }
}
