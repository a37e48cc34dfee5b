package dev.kapal.apiserver.crd;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.metric.Metrics.Counter;
import dev.kapal.base.metric.Metrics.Histogram;
import java.util.stream.IntStream;

/// What upstream counts of conversion webhooks, by its names. Any thread.
final class ConversionMetrics {
    /// From a millisecond, each twice the one before.
    private static final double[] OF_DEFINITION =
            IntStream.range(0, 15).mapToDouble(i -> 0.001 * (1 << i)).toArray();

    private static final double[] OF_CALL = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 45, 60};

    private final Histogram definitions;
    private final Counter requests;
    private final Histogram durations;

    /// What can go wrong with a call; the words are upstream's.
    enum Failure {
        CALL("conversion_webhook_call_failure"),
        MALFORMED_RESPONSE("conversion_webhook_malformed_response_failure"),
        PARTIAL_RESPONSE("conversion_webhook_partial_response_failure"),
        INVALID_CONVERTED_OBJECT("conversion_webhook_invalid_converted_object_failure");

        private final String text;

        Failure(String text) {
            this.text = text;
        }
    }

    ConversionMetrics(Metrics metrics) {
        this.definitions = metrics.histogram(
                "apiserver_crd_conversion_webhook_duration_seconds",
                "CRD webhook conversion duration in seconds",
                OF_DEFINITION,
                "crd_name",
                "from_version",
                "to_version",
                "succeeded");
        this.requests = metrics.counter(
                "apiserver_conversion_webhook_request_total",
                "Counter for conversion webhook requests with success/failure and failure error type",
                "result",
                "failure_type");
        this.durations = metrics.histogram(
                "apiserver_conversion_webhook_duration_seconds",
                "Conversion webhook request latency",
                OF_CALL,
                "result",
                "failure_type");
    }

    void succeeded(String crd, String from, String to, double seconds) {
        observe("success", "", seconds);
        definitions.observe(seconds, crd, from, to, "true");
    }

    void failed(String crd, String from, String to, double seconds, Failure why) {
        observe("failure", why.text, seconds);
        definitions.observe(seconds, crd, from, to, "false");
    }

    private void observe(String result, String failure, double seconds) {
        requests.increment(result, failure);
        durations.observe(seconds, result, failure);
    }
}
