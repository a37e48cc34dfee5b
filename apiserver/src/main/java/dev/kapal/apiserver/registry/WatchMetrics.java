package dev.kapal.apiserver.registry;

import dev.kapal.base.metric.Metrics;
import dev.kapal.model.GroupVersionKind;

/// Counts what the watches of one kind send. Any thread.
final class WatchMetrics {
    private static final double[] BYTES = {1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072};

    private final Metrics.Counter.Series events;
    private final Metrics.Histogram.Series sizes;

    WatchMetrics(GroupVersionKind kind, Metrics metrics) {
        events = metrics.counter(
                        "apiserver_watch_events_total",
                        "Number of events sent in watch clients",
                        "group",
                        "version",
                        "kind")
                .series(kind.group(), kind.version(), kind.kind());
        sizes = metrics.histogram(
                        "apiserver_watch_events_sizes",
                        "Watch event size distribution in bytes",
                        BYTES,
                        "group",
                        "version",
                        "kind")
                .series(kind.group(), kind.version(), kind.kind());
    }

    void sent(int bytes) {
        events.add(1);
        sizes.observe(bytes);
    }
}
