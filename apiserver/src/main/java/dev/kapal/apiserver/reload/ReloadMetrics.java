package dev.kapal.apiserver.reload;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;

/// Counts how often a configuration was read anew. Any thread.
public final class ReloadMetrics {
    private static final String SUCCESS = "success";
    private static final String FAILURE = "failure";
    /// Servers here have no identity of their own to tell.
    private static final String NO_IDENTITY = "";

    private final Metrics.Counter reloads;
    private final Metrics.Gauge last;
    private final Time time;

    /// @param what `authentication` or `authorization`
    public ReloadMetrics(String what, Metrics metrics, Time time) {
        String prefix = "apiserver_" + what + "_config_controller_automatic_reload";
        this.time = time;
        this.reloads = metrics.counter(
                prefix + "s_total",
                "Total number of automatic reloads of " + what
                        + " configuration split by status and apiserver identity.",
                "status",
                "apiserver_id_hash");
        this.last = metrics.gauge(
                prefix + "_last_timestamp_seconds",
                "Timestamp of the last automatic reload of " + what
                        + " configuration split by status and apiserver identity.",
                "status",
                "apiserver_id_hash");
    }

    void succeeded() {
        note(SUCCESS);
    }

    void failed() {
        note(FAILURE);
    }

    private void note(String status) {
        double now = time.instant().toEpochMilli() / 1000.0;
        reloads.increment(status, NO_IDENTITY);
        last.read(() -> now, status, NO_IDENTITY);
    }
}
