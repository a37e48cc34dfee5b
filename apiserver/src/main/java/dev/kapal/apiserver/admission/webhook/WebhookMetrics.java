package dev.kapal.apiserver.admission.webhook;

import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.metric.Metrics.Counter;
import dev.kapal.base.metric.Metrics.Histogram;
import dev.kapal.base.time.Time;

/// What upstream counts of webhooks, by its names. Any thread.
final class WebhookMetrics {
    private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 10, 25};

    private final Time time;
    private final Histogram durations;
    private final Counter requests;
    private final Counter rejections;
    private final Counter failOpen;
    private final Counter exclusions;
    private final Counter conditionErrors;

    WebhookMetrics(Metrics metrics, Time time) {
        this.time = time;
        this.durations = metrics.histogram(
                "apiserver_admission_webhook_admission_duration_seconds",
                "Admission webhook latency histogram in seconds, identified by name and broken out for each operation"
                        + " and API resource and type (validate or admit).",
                SECONDS,
                "name",
                "operation",
                "rejected",
                "type");
        this.requests = metrics.counter(
                "apiserver_admission_webhook_request_total",
                "Admission webhook request total, identified by name and broken out for each admission type"
                        + " (validating or mutating) and operation.",
                "code",
                "name",
                "operation",
                "rejected",
                "type");
        this.rejections = metrics.counter(
                "apiserver_admission_webhook_rejection_count",
                "Admission webhook rejection count, identified by name and broken out for each admission type"
                        + " (validating or admit) and operation.",
                "error_type",
                "name",
                "operation",
                "rejection_code",
                "type");
        this.failOpen = metrics.counter(
                "apiserver_admission_webhook_fail_open_count",
                "Admission webhook fail open count, identified by name and broken out for each admission type"
                        + " (validating or mutating).",
                "name",
                "type");
        this.exclusions = metrics.counter(
                "apiserver_admission_match_condition_exclusions_total",
                "Admission match condition evaluation exclusions count, identified by name of resource containing the"
                        + " match condition and broken out for each kind, operation and admission type (validate or"
                        + " admit).",
                "kind",
                "name",
                "operation",
                "type");
        this.conditionErrors = metrics.counter(
                "apiserver_admission_match_condition_evaluation_errors_total",
                "Admission match condition evaluation errors count, identified by name of resource containing the match"
                        + " condition and broken out for each kind, operation and admission type (validate or admit).",
                "kind",
                "name",
                "operation",
                "type");
    }

    long now() {
        return time.nanos();
    }

    /// @param type `admit` or `validating`
    void observe(Webhook webhook, String type, AdmissionRequest request, Caller.Result result, long begun) {
        var operation = request.operation().name();
        boolean rejected = !(result instanceof Caller.Result.Answered)
                && !(result instanceof Caller.Result.Failed && webhook.ignoresFailures());
        int code = switch (result) {
            case Caller.Result.Answered answered -> 200;
            case Caller.Result.Refused(var refusal) -> refusal.status().code();
            case Caller.Result.Failed(var why, int status) -> status;
        };
        var refused = Boolean.toString(rejected);
        durations.observe((time.nanos() - begun) / 1e9, webhook.name(), operation, refused, type);
        requests.increment(Integer.toString(Math.min(code, 600)), webhook.name(), operation, refused, type);
        switch (result) {
            case Caller.Result.Answered answered -> {}
            case Caller.Result.Refused(var refusal) ->
                rejections.increment("no_error", webhook.name(), operation, Integer.toString(code), type);
            case Caller.Result.Failed failed -> {
                if (webhook.ignoresFailures()) {
                    failOpen.increment(webhook.name(), type);
                } else {
                    rejections.increment("calling_webhook_error", webhook.name(), operation, "0", type);
                }
            }
        }
    }

    void excluded(Webhook webhook, String type, AdmissionRequest request) {
        exclusions.increment("webhook", webhook.name(), request.operation().name(), type);
    }

    void conditionFailed(Webhook webhook, String type, AdmissionRequest request) {
        conditionErrors.increment("webhook", webhook.name(), request.operation().name(), type);
    }
}
