package dev.kapal.apiserver.admission;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.metric.Metrics.Histogram;
import dev.kapal.base.time.Time;

/// How long admission takes, by upstream's names. Any thread.
final class AdmissionMetrics {
    private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.5, 1.0, 2.5};

    private final Time time;
    private final Histogram steps;
    private final Histogram controllers;

    AdmissionMetrics(Metrics metrics, Time time) {
        this.time = time;
        this.steps = metrics.histogram(
                "apiserver_admission_step_admission_duration_seconds",
                "Admission sub-step latency histogram in seconds, broken out for each operation and API resource and"
                        + " step type (validate or admit).",
                SECONDS,
                "operation",
                "rejected",
                "type");
        this.controllers = metrics.histogram(
                "apiserver_admission_controller_admission_duration_seconds",
                "Admission controller latency histogram in seconds, identified by name and broken out for each"
                        + " operation and API resource and type (validate or admit).",
                SECONDS,
                "name",
                "operation",
                "rejected",
                "type");
    }

    /// One plugin's look at a request.
    @FunctionalInterface
    interface Look {
        void run() throws InterruptedException;
    }

    long now() {
        return time.nanos();
    }

    void step(String type, AdmissionRequest request, boolean rejected, long begun) {
        steps.observe((time.nanos() - begun) / 1e9, request.operation().name(), rejected ? "true" : "false", type);
    }

    void measure(String plugin, String type, AdmissionRequest request, Look look) throws InterruptedException {
        long begun = time.nanos();
        try {
            look.run();
        } catch (RuntimeException refusal) {
            observe(plugin, type, request, "true", begun);
            throw refusal;
        }
        observe(plugin, type, request, "false", begun);
    }

    private void observe(String plugin, String type, AdmissionRequest request, String rejected, long begun) {
        controllers.observe(
                (time.nanos() - begun) / 1e9, plugin, request.operation().name(), rejected, type);
    }
}
