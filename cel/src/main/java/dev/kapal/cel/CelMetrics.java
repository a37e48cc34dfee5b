package dev.kapal.cel;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;

/// How long expressions take, under upstream's names. Any thread.
public final class CelMetrics {
    private final Metrics.Histogram.Series compilations;
    private final Metrics.Histogram.Series evaluations;
    private final Time time;

    public CelMetrics(Metrics metrics, Time time) {
        compilations = metrics.histogram(
                        "apiserver_cel_compilation_duration_seconds",
                        "CEL compilation time in seconds.",
                        Metrics.SECONDS)
                .series();
        evaluations = metrics.histogram(
                        "apiserver_cel_evaluation_duration_seconds", "CEL evaluation time in seconds.", Metrics.SECONDS)
                .series();
        this.time = time;
    }

    long now() {
        return time.nanos();
    }

    void compiled(long begun) {
        compilations.observe((time.nanos() - begun) / 1e9);
    }

    void evaluated(long begun) {
        evaluations.observe((time.nanos() - begun) / 1e9);
    }
}
