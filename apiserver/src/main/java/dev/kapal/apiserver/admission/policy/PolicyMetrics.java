package dev.kapal.apiserver.admission.policy;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.metric.Metrics.Counter;
import dev.kapal.base.metric.Metrics.Histogram;
import dev.kapal.base.time.Time;
import java.util.Locale;

/// What upstream counts of policies, by its names. Any thread.
final class PolicyMetrics {
    private static final double[] SECONDS = {0.0000005, 0.001, 0.01, 0.1, 1.0};

    private final Time time;
    private final Counter checks;
    private final Histogram durations;

    private PolicyMetrics(Time time, Counter checks, Histogram durations) {
        this.time = time;
        this.checks = checks;
        this.durations = durations;
    }

    static PolicyMetrics validating(Metrics metrics, Time time) {
        return of("validating", "Validation", metrics, time);
    }

    static PolicyMetrics mutating(Metrics metrics, Time time) {
        return of("mutating", "Mutation", metrics, time);
    }

    private static PolicyMetrics of(String kind, String what, Metrics metrics, Time time) {
        var prefix = "apiserver_" + kind + "_admission_policy_check_";
        var labels = new String[] {"enforcement_action", "error_type", "policy", "policy_binding"};
        return new PolicyMetrics(
                time,
                metrics.counter(
                        prefix + "total",
                        what
                                + " admission policy check total, labeled by policy and further identified by binding"
                                + " and enforcement action taken.",
                        labels),
                metrics.histogram(
                        prefix + "duration_seconds",
                        what
                                + " admission latency for individual "
                                + what.toLowerCase(Locale.ROOT)
                                + " expressions in seconds, labeled by policy and further including binding and"
                                + " enforcement action taken.",
                        SECONDS,
                        labels));
    }

    long now() {
        return time.nanos();
    }

    void observe(String policy, String binding, String action, String error, long begun) {
        checks.increment(action, error, policy, binding);
        durations.observe((time.nanos() - begun) / 1e9, action, error, policy, binding);
    }
}
