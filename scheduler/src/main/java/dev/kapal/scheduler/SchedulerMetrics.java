package dev.kapal.scheduler;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.metric.Metrics.Counter;
import dev.kapal.base.metric.Metrics.Histogram;
import dev.kapal.base.time.Time;
import dev.kapal.scheduler.framework.Profile;
import dev.kapal.scheduler.queue.SchedulingQueue;
import java.util.function.ToIntFunction;

/// The scheduler's metrics, named as upstream's. Any thread.
final class SchedulerMetrics {
    private static final double[] SECONDS = {
        0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192, 16.384
    };

    /// How an attempt ended.
    enum Result {
        SCHEDULED("scheduled"),
        UNSCHEDULABLE("unschedulable"),
        ERROR("error");

        private final String label;

        Result(String label) {
            this.label = label;
        }
    }

    private final Time time;
    private final Counter attempts;
    private final Histogram attemptDuration;
    private final Histogram algorithmDuration;
    private final Histogram podAttempts;

    SchedulerMetrics(Metrics metrics, Time time, SchedulingQueue queue) {
        this.time = time;
        attempts = metrics.counter(
                "scheduler_schedule_attempts_total",
                "Number of attempts to schedule pods, by the result.",
                "profile",
                "result");
        for (var result : Result.values()) {
            attempts.add(0, Profile.DEFAULT_SCHEDULER, result.label);
        }
        attemptDuration = metrics.histogram(
                "scheduler_scheduling_attempt_duration_seconds",
                "Scheduling attempt latency in seconds (scheduling algorithm + binding)",
                SECONDS,
                "profile",
                "result");
        algorithmDuration = metrics.histogram(
                "scheduler_scheduling_algorithm_duration_seconds", "Scheduling algorithm latency in seconds", SECONDS);
        podAttempts = metrics.histogram(
                "scheduler_pod_scheduling_attempts",
                "Number of attempts to successfully schedule a pod.",
                new double[] {1, 2, 4, 8, 16});
        pending(metrics, queue, "active", SchedulingQueue.Sizes::active);
        pending(metrics, queue, "backoff", SchedulingQueue.Sizes::backoff);
        pending(metrics, queue, "unschedulable", SchedulingQueue.Sizes::unschedulable);
        pending(metrics, queue, "gated", SchedulingQueue.Sizes::gated);
    }

    private static void pending(
            Metrics metrics, SchedulingQueue queue, String name, ToIntFunction<SchedulingQueue.Sizes> size) {
        metrics.gauge("scheduler_pending_pods", "Number of pending pods, by the queue type.", "queue")
                .read(() -> size.applyAsInt(queue.sizes()), name);
    }

    long start() {
        return time.nanos();
    }

    void decided(long start) {
        algorithmDuration.observe(seconds(start));
    }

    void ended(Result result, long start) {
        attempts.increment(Profile.DEFAULT_SCHEDULER, result.label);
        attemptDuration.observe(seconds(start), Profile.DEFAULT_SCHEDULER, result.label);
    }

    void placedAfter(int tries) {
        podAttempts.observe(tries);
    }

    private double seconds(long start) {
        return (time.nanos() - start) / 1e9;
    }
}
