package dev.kapal.client;

import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Keys that wait for a worker. Any thread.
///
/// A key waits at most once, and is never with two workers: added while it is being worked on, it comes again after
/// [#done]. What is put off (by [#addAfter] or by back-off) keeps only its earliest deadline. Bounded by the number of
/// distinct keys.
public final class WorkQueue<K> implements AutoCloseable {
    private final Time time;
    private final Backoff backoff;
    private final WorkQueueMetrics metrics;
    private final Life delays;

    /// Guards everything below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Deque<K> order = new ArrayDeque<>();
    private final Map<K, Long> waitingSince = new HashMap<>();
    private final Map<K, Long> workingSince = new HashMap<>();
    private final Set<K> dirty = new HashSet<>();
    private final Map<K, Integer> failures = new HashMap<>();
    private final Map<K, Long> putOff = new HashMap<>();
    private boolean closed;

    public WorkQueue(String name, Time time, Metrics metrics) {
        this(name, Backoff.QUEUE, time, metrics);
    }

    public WorkQueue(String name, Backoff backoff, Time time, Metrics metrics) {
        this.time = time;
        this.backoff = backoff;
        this.delays = new Life("queue-" + name);
        this.metrics =
                new WorkQueueMetrics(name, metrics, this::waiting, this::unfinishedSeconds, this::longestSeconds);
    }

    /// Makes `key` due now.
    public void add(K key) {
        lock.lock();
        try {
            if (closed || !dirty.add(key)) {
                return;
            }
            metrics.added();
            if (!workingSince.containsKey(key)) {
                enqueue(key);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Makes `key` due once `after` has passed, unless it is put off to an earlier moment already.
    public void addAfter(K key, Duration after) {
        if (!after.isPositive()) {
            add(key);
            return;
        }
        long due = time.nanos() + after.toNanos();
        lock.lock();
        try {
            Long earlier = putOff.get(key);
            if (closed || (earlier != null && earlier - due <= 0)) {
                return;
            }
            putOff.put(key, due);
            delays.spawn("delay", () -> comeDue(key, due, after));
        } finally {
            lock.unlock();
        }
    }

    /// Makes `key` due after the next step of its back-off.
    public void retry(K key) {
        int failed;
        lock.lock();
        try {
            failed = failures.merge(key, 1, Integer::sum) - 1;
        } finally {
            lock.unlock();
        }
        metrics.retried();
        addAfter(key, backoff.after(failed));
    }

    /// Ends the back-off of `key`.
    public void forget(K key) {
        lock.lock();
        try {
            failures.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /// Blocks for the next key; empty once the queue is closed. Each key taken must be given to [#done].
    public Optional<K> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (order.isEmpty()) {
                if (closed) {
                    return Optional.empty();
                }
                changed.await();
            }
            K key = order.poll();
            dirty.remove(key);
            long now = time.nanos();
            metrics.waited(now - waitingSince.remove(key));
            workingSince.put(key, now);
            return Optional.of(key);
        } finally {
            lock.unlock();
        }
    }

    /// Ends the work on `key`; it comes again at once when it was added meanwhile.
    public void done(K key) {
        lock.lock();
        try {
            Long since = workingSince.remove(key);
            if (since == null) {
                throw new IllegalStateException("done without take: " + key);
            }
            metrics.worked(time.nanos() - since);
            if (dirty.contains(key)) {
                enqueue(key);
            }
        } finally {
            lock.unlock();
        }
    }

    /// How many keys wait.
    public int waiting() {
        lock.lock();
        try {
            return order.size();
        } finally {
            lock.unlock();
        }
    }

    /// Lets the waiting workers go; what still waits is dropped.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            order.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        delays.close();
    }

    private void enqueue(K key) {
        order.add(key);
        waitingSince.put(key, time.nanos());
        changed.signal();
    }

    private void comeDue(K key, long due, Duration after) throws InterruptedException {
        time.sleep(after);
        lock.lock();
        try {
            if (!putOff.remove(key, due)) {
                return; // an earlier deadline took its place
            }
        } finally {
            lock.unlock();
        }
        add(key);
    }

    private double unfinishedSeconds() {
        lock.lock();
        try {
            long now = time.nanos();
            return workingSince.values().stream()
                            .mapToLong(since -> now - since)
                            .sum()
                    / 1e9;
        } finally {
            lock.unlock();
        }
    }

    private double longestSeconds() {
        lock.lock();
        try {
            long now = time.nanos();
            return workingSince.values().stream()
                            .mapToLong(since -> now - since)
                            .max()
                            .orElse(0)
                    / 1e9;
        } finally {
            lock.unlock();
        }
    }
}
