package dev.kapal.client;

import dev.kapal.base.metric.Metrics;
import java.util.function.DoubleSupplier;

/// The metrics of one work queue, under upstream's names.
final class WorkQueueMetrics {
    /// Upstream's buckets: ten nanoseconds to a thousand seconds, in steps of ten.
    private static final double[] BUCKETS = {1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000};

    private final String name;
    private final Metrics.Counter adds;
    private final Metrics.Counter retries;
    private final Metrics.Histogram waits;
    private final Metrics.Histogram works;

    WorkQueueMetrics(
            String name, Metrics metrics, DoubleSupplier depth, DoubleSupplier unfinished, DoubleSupplier longest) {
        this.name = name;
        adds = metrics.counter("workqueue_adds_total", "Total number of adds handled by workqueue", "name");
        retries = metrics.counter("workqueue_retries_total", "Total number of retries handled by workqueue", "name");
        waits = metrics.histogram(
                "workqueue_queue_duration_seconds",
                "How long in seconds an item stays in workqueue before being requested.",
                BUCKETS,
                "name");
        works = metrics.histogram(
                "workqueue_work_duration_seconds",
                "How long in seconds processing an item from workqueue takes.",
                BUCKETS,
                "name");
        metrics.gauge("workqueue_depth", "Current depth of workqueue", "name").read(depth, name);
        metrics.gauge(
                        "workqueue_unfinished_work_seconds",
                        "How many seconds of work has done that is in progress and hasn't been observed by work_duration."
                                + " Large values indicate stuck threads. One can deduce the number of stuck threads by"
                                + " observing the rate at which this increases.",
                        "name")
                .read(unfinished, name);
        metrics.gauge(
                        "workqueue_longest_running_processor_seconds",
                        "How many seconds has the longest running processor for workqueue been running.",
                        "name")
                .read(longest, name);
        adds.add(0, name);
        retries.add(0, name);
    }

    void added() {
        adds.increment(name);
    }

    void retried() {
        retries.increment(name);
    }

    void waited(long nanos) {
        waits.observe(nanos / 1e9, name);
    }

    void worked(long nanos) {
        works.observe(nanos / 1e9, name);
    }
}
