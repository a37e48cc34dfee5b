package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.model.ResourceRegistry;
import java.util.Locale;
import java.util.Set;

/// Counts and times every request under upstream's metric names.
final class Measuring implements Filter {
    private static final double[] SECONDS = {
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
    };
    private static final double[] BYTES = {1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    private static final Set<String> CONNECTING = Set.of("proxy", "exec", "attach", "portforward");
    private static final String COMPONENT = "apiserver";

    private final ResourceRegistry registry;
    private final Time time;
    private final Metrics.Counter total;
    private final Metrics.Histogram duration;
    private final Metrics.Histogram sli;
    private final Metrics.Histogram sizes;
    private final Metrics.Counter terminations;
    private final Metrics.Gauge longRunning;

    Measuring(ResourceRegistry registry, Metrics metrics, Time time) {
        this.registry = registry;
        this.time = time;
        total = metrics.counter(
                "apiserver_request_total",
                "Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.",
                "verb",
                "dry_run",
                "group",
                "version",
                "resource",
                "subresource",
                "scope",
                "component",
                "code");
        duration = metrics.histogram(
                "apiserver_request_duration_seconds",
                "Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.",
                SECONDS,
                "verb",
                "dry_run",
                "group",
                "version",
                "resource",
                "subresource",
                "scope",
                "component");
        sli = metrics.histogram(
                "apiserver_request_sli_duration_seconds",
                "Response latency distribution (not counting webhook duration and priority & fairness queue wait times) in seconds for each verb, group, version, resource, subresource, scope and component.",
                SECONDS,
                "verb",
                "group",
                "version",
                "resource",
                "subresource",
                "scope",
                "component");
        sizes = metrics.histogram(
                "apiserver_response_sizes",
                "Response size distribution in bytes for each group, version, verb, resource, subresource, scope and component.",
                BYTES,
                "verb",
                "group",
                "version",
                "resource",
                "subresource",
                "scope",
                "component");
        terminations = metrics.counter(
                "apiserver_request_terminations_total",
                "Number of requests which apiserver terminated in self-defense.",
                "verb",
                "group",
                "version",
                "resource",
                "subresource",
                "scope",
                "component",
                "code");
        longRunning = metrics.gauge(
                "apiserver_longrunning_requests",
                "Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. Not all requests are tracked this way.",
                "verb",
                "group",
                "version",
                "resource",
                "subresource",
                "scope",
                "component");
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        var info = call.info();
        var labels = Labels.of(call, registry);
        boolean lasts = LongRunning.is(info);
        long begun = time.nanos();
        if (lasts) {
            active(labels, 1);
        }
        try {
            next.handle(call);
        } finally {
            if (lasts) {
                active(labels, -1);
            }
            record(labels, (ObservedExchange) call.exchange(), begun, lasts);
        }
    }

    private void active(Labels labels, int change) {
        longRunning.add(
                change,
                labels.verb,
                labels.group,
                labels.version,
                labels.resource,
                labels.subresource,
                labels.scope,
                COMPONENT);
    }

    private void record(Labels labels, ObservedExchange exchange, long begun, boolean lasts) {
        int status = exchange.status();
        String code = status == 0 ? "500" : Integer.toString(status);
        if (exchange.isTerminated()) {
            terminations.increment(
                    labels.verb,
                    labels.group,
                    labels.version,
                    labels.resource,
                    labels.subresource,
                    labels.scope,
                    COMPONENT,
                    code);
        }
        total.increment(
                labels.verb,
                labels.dryRun,
                labels.group,
                labels.version,
                labels.resource,
                labels.subresource,
                labels.scope,
                COMPONENT,
                code);
        if (lasts) {
            return;
        }
        double seconds = (time.nanos() - begun) / 1e9;
        duration.observe(
                seconds,
                labels.verb,
                labels.dryRun,
                labels.group,
                labels.version,
                labels.resource,
                labels.subresource,
                labels.scope,
                COMPONENT);
        double waited = exchange.waitedNanos() / 1e9;
        observe(sli, Math.max(0, seconds - waited), labels);
        if (labels.verb.equals("GET") || labels.verb.equals("LIST")) {
            observe(sizes, exchange.length(), labels);
        }
    }

    private static void observe(Metrics.Histogram histogram, double value, Labels labels) {
        histogram.observe(
                value,
                labels.verb,
                labels.group,
                labels.version,
                labels.resource,
                labels.subresource,
                labels.scope,
                COMPONENT);
    }

    /// Values from closed sets: names that clients make up would make new series without end.
    private record Labels(
            String verb,
            String dryRun,
            String group,
            String version,
            String resource,
            String subresource,
            String scope) {

        static Labels of(Call call, ResourceRegistry registry) {
            var info = call.info();
            String method = call.request().method();
            if (!info.isResource()) {
                return new Labels(method(method), "", "", "", "", "", "");
            }
            var definition = registry.find(info.groupVersionResource());
            if (definition.isEmpty()) {
                return new Labels(verb(info, method), "", "", "", "", "", scope(info));
            }
            boolean knownPart = definition.get().subresource(info.subresource()).isPresent();
            return new Labels(
                    verb(info, method),
                    call.request().rawQuery().contains("dryRun=All") ? "All" : "",
                    info.group(),
                    info.version(),
                    info.resource(),
                    knownPart ? info.subresource() : "",
                    scope(info));
        }

        private static String verb(RequestInfo info, String method) {
            if (CONNECTING.contains(info.subresource()) || info.verb().equals("proxy")) {
                return "CONNECT";
            }
            return switch (info.verb()) {
                case "create" -> "POST";
                case "update" -> "PUT";
                case "get", "list", "watch", "patch", "delete", "deletecollection" ->
                    info.verb().toUpperCase(Locale.ROOT);
                default -> method(method);
            };
        }

        private static String method(String method) {
            return switch (method) {
                case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT" -> method;
                default -> "other";
            };
        }

        private static String scope(RequestInfo info) {
            if (!info.name().isEmpty()) {
                return "resource";
            }
            return info.namespace().isEmpty() ? "cluster" : "namespace";
        }
    }
}
