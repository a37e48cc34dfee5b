package dev.kapal.store;

import dev.kapal.base.metric.Metrics;

/// Requests for the API's objects, by what they are, under the names that dashboards know from etcd. Any thread.
///
/// Keys are `/registry/<group or core>/<resource>/…`; others are not told of.
final class ResourceRequests {
    private static final String ROOT = "/registry/";
    private static final String[] LABELS = {"operation", "group", "resource"};
    private static final double[] SECONDS = {
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
    };

    private final Metrics.Histogram durations;
    private final Metrics.Counter requests;
    private final Metrics.Counter errors;

    ResourceRequests(Metrics metrics) {
        durations = metrics.histogram(
                "etcd_request_duration_seconds",
                "Etcd request latency in seconds for each operation and object type.",
                SECONDS,
                LABELS);
        requests = metrics.counter(
                "etcd_requests_total", "Etcd request counts for each operation and object type.", LABELS);
        errors = metrics.counter(
                "etcd_request_errors_total", "Etcd failed request counts for each operation and object type.", LABELS);
    }

    void observe(String operation, String key, double seconds, boolean failed) {
        int slash = key.startsWith(ROOT) ? key.indexOf('/', ROOT.length()) : -1;
        int end = slash < 0 ? -1 : key.indexOf('/', slash + 1);
        if (end < 0) {
            return;
        }
        var group = key.substring(ROOT.length(), slash);
        var shown = group.equals("core") ? "" : group;
        var resource = key.substring(slash + 1, end);
        requests.increment(operation, shown, resource);
        durations.observe(seconds, operation, shown, resource);
        if (failed) {
            errors.increment(operation, shown, resource);
        }
    }
}
