package dev.kapal.store;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.metric.Metrics.Counter;
import dev.kapal.base.metric.Metrics.Gauge;
import dev.kapal.base.metric.Metrics.Histogram;
import dev.kapal.base.time.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Measures the store it wraps. Any thread.
public final class StoreMetrics implements Store {
    private static final double[] SECONDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5
    };

    private final Store store;
    private final Time time;
    private final Histogram duration;
    private final Counter failures;
    private final Gauge watches;
    private final ResourceRequests requests;

    private StoreMetrics(Store store, Metrics metrics, Time time) {
        this.store = store;
        this.time = time;
        duration = metrics.histogram(
                "kapal_store_request_duration_seconds", "How long calls to the store took.", SECONDS, "operation");
        failures = metrics.counter("kapal_store_failures_total", "Calls that the store refused.", "reason");
        for (String reason : new String[] {"full", "damaged", "closed", "other"}) {
            failures.add(0, reason);
        }
        requests = new ResourceRequests(metrics);
        watches = metrics.gauge("kapal_store_watches", "Watches that are open.");
        watches.add(0);
        metrics.gauge("kapal_store_revision", "The newest durable revision.").read(store::revision);
        metrics.gauge("kapal_store_compacted_revision", "The revision up to which the past is forgotten.")
                .read(store::compacted);
    }

    /// The same store, measured into `metrics`.
    public static Store around(Store store, Metrics metrics, Time time) {
        return new StoreMetrics(store, metrics, time);
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public long compacted() {
        return store.compacted();
    }

    @Override
    public Write put(String key, byte[] value, Expect expect) throws InterruptedException {
        var operation = expect instanceof Expect.Absent ? "create" : "update";
        return waited("put", operation, key, () -> store.put(key, value, expect));
    }

    @Override
    public Write delete(String key, Expect expect) throws InterruptedException {
        return waited("delete", "delete", key, () -> store.delete(key, expect));
    }

    @Override
    public Read range(Range range, long revision, int limit) {
        return measured("range", "list", range.from(), () -> store.range(range, revision, limit));
    }

    @Override
    public Optional<Entry> get(String key) {
        return measured("get", "get", key, () -> store.get(key));
    }

    @Override
    public Watch watch(String prefix, long afterRevision) {
        var watch = store.watch(prefix, afterRevision);
        watches.add(1);
        return new CountedWatch(watch);
    }

    @Override
    public void compact(long revision) throws InterruptedException {
        waited("compact", "compact", "", () -> {
            store.compact(revision);
            return revision;
        });
    }

    @Override
    public void close() {
        store.close();
    }

    /// A call that may be interrupted.
    private interface Waiting<T> {
        T call() throws InterruptedException;
    }

    /// @param operation our own name for it
    /// @param known what etcd's clients call it
    /// @param key of what it is about, or its beginning
    private <T> T waited(String operation, String known, String key, Waiting<T> call) throws InterruptedException {
        long start = time.nanos();
        boolean failed = true;
        try {
            var result = call.call();
            failed = false;
            return result;
        } catch (StoreException e) {
            failures.increment(reason(e));
            throw e;
        } finally {
            double seconds = (time.nanos() - start) / 1e9;
            duration.observe(seconds, operation);
            requests.observe(known, key, seconds, failed);
        }
    }

    private <T> T measured(String operation, String known, String key, Supplier<T> call) {
        try {
            return waited(operation, known, key, call::get);
        } catch (InterruptedException impossible) {
            throw new AssertionError("a read does not wait", impossible);
        }
    }

    private static String reason(StoreException e) {
        return switch (e) {
            case StoreFullException full -> "full";
            case DamagedStoreException damaged -> "damaged";
            case StoreClosedException closed -> "closed";
            default -> "other";
        };
    }

    private final class CountedWatch implements Watch {
        private final Watch watch;
        private boolean closed;

        CountedWatch(Watch watch) {
            this.watch = watch;
        }

        @Override
        public Batch next(Duration timeout) throws InterruptedException {
            return watch.next(timeout);
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                watches.add(-1);
            }
            watch.close();
        }
    }
}
