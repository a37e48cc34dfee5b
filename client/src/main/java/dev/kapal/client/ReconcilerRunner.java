package dev.kapal.client;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/// Runs one reconciler: its wakes fill a queue, its workers empty it. Threads: `workers` virtual ones, from
/// [#start] until [#close].
public final class ReconcilerRunner implements AutoCloseable {
    private static final Log log = Log.of(ReconcilerRunner.class);

    private final String name;
    private final Reconciler reconciler;
    private final WorkQueue<Key> queue;
    private final Metrics.Counter panics;
    private final Life life;

    private ReconcilerRunner(String name, Reconciler reconciler, Time time, Metrics metrics) {
        this.name = name;
        this.reconciler = reconciler;
        this.life = new Life(name);
        this.queue = life.own(new WorkQueue<>(name, time, metrics));
        this.panics = metrics.counter(
                "kapal_client_reconcile_failures_total", "Reconciliations that ended in an exception.", "name");
        panics.add(0, name);
    }

    /// Starts `workers` threads that reconcile as soon as every cache behind the wakes is filled.
    public static ReconcilerRunner start(String name, Reconciler reconciler, int workers, Time time, Metrics metrics) {
        var runner = new ReconcilerRunner(name, reconciler, time, metrics);
        runner.open(workers);
        return runner;
    }

    /// Makes a key due from outside (a timer, a test).
    public void wake(Key key) {
        queue.add(key);
    }

    @Override
    public void close() {
        life.close();
    }

    private void open(int workers) {
        var wakes = reconciler.wakes();
        for (Wake wake : wakes) {
            life.own(wake.open(queue::add));
        }
        for (int i = 0; i < workers; i++) {
            life.start("worker-" + i, () -> {
                for (Wake wake : wakes) {
                    wake.awaitSync();
                }
                work();
            });
        }
    }

    private void work() throws InterruptedException {
        for (var next = queue.take(); next.isPresent(); next = queue.take()) {
            Key key = next.get();
            try {
                settle(key, reconciler.reconcile(key));
            } catch (RuntimeException failure) {
                if (Thread.currentThread().isInterrupted() || life.isClosed()) {
                    return;
                }
                tell(key, failure);
                queue.retry(key);
            } finally {
                queue.done(key);
            }
        }
    }

    private void settle(Key key, Outcome outcome) {
        queue.forget(key);
        switch (outcome) {
            case Outcome.Settled() -> {}
            case Outcome.Again(var after, var why) -> {
                log.debug("again later", "controller", name, "key", key, "after", after, "why", why);
                queue.addAfter(key, after);
            }
            case Outcome.GiveUp(var why) -> log.warn("given up", "controller", name, "key", key, "why", why);
        }
    }

    private void tell(Key key, RuntimeException failure) {
        if (failure instanceof KubernetesClientException refusal && refusal.getCode() > 0) {
            // Losing a race is part of the game: the newer state is on its way to the cache.
            if (refusal.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                log.debug("conflict", "controller", name, "key", key, "message", refusal.getMessage());
            } else {
                log.warn("refused", "controller", name, "key", key, "message", refusal.getMessage());
            }
            return;
        }
        panics.increment(name);
        log.error("reconcile failed", failure, "controller", name, "key", key);
    }
}
