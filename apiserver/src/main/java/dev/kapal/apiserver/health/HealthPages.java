package dev.kapal.apiserver.health;

import dev.kapal.apiserver.api.Call;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Answers the health pages, in upstream's format. Any thread. Source: "Kubernetes API health endpoints".
public final class HealthPages {
    private static final Log log = Log.of(HealthPages.class);

    private final List<Check> checks;
    /// What `/metrics/slis` shows: how each check went, on each page that asked it.
    private final Metrics slis = new Metrics();

    private final Metrics.Gauge last;
    private final Metrics.Counter total;
    private final Map<String, Boolean> results = new ConcurrentHashMap<>();

    private final Grace grace;

    /// Whether `/livez` trusts that what has not finished its start will do so.
    @FunctionalInterface
    public interface Grace {
        boolean lasts();
    }

    public HealthPages(List<Check> checks, Grace grace) {
        this.checks = List.copyOf(checks);
        this.grace = grace;
        last = slis.gauge(
                "kubernetes_healthcheck", "This metric records the result of a single healthcheck.", "name", "type");
        total = slis.counter(
                "kubernetes_healthchecks_total",
                "This metric records the results of all healthcheck.",
                "name",
                "type",
                "status");
    }

    /// The text of `/metrics/slis`. Source: "Kubernetes Component SLI Metrics".
    public String slis() {
        return slis.exposition();
    }

    private Optional<String> ask(Check check, String page) {
        boolean trusted = check.meaning() == Check.Meaning.STARTING && page.equals("livez") && grace.lasts();
        var objection = trusted ? Optional.<String>empty() : check.objection().find();
        boolean first = results.put(page + "/" + check.name(), objection.isEmpty()) == null;
        if (first) {
            last.read(() -> results.get(page + "/" + check.name()) ? 1 : 0, check.name(), page);
        }
        total.increment(check.name(), page, objection.isEmpty() ? "success" : "error");
        return objection;
    }

    /// Whether `path` is one of these pages: `/readyz`, `/livez/ping`.
    public boolean serves(String path) {
        return checksOf(page(path)).isPresent()
                && (rest(path).isEmpty()
                        || checksOf(page(path)).orElseThrow().stream()
                                .anyMatch(check -> check.name().equals(rest(path))));
    }

    public void handle(Call call) throws IOException {
        String path = call.info().path();
        var all = checksOf(page(path)).orElseThrow();
        if (!rest(path).isEmpty()) {
            one(
                    call,
                    page(path),
                    all.stream()
                            .filter(check -> check.name().equals(rest(path)))
                            .findFirst()
                            .orElseThrow());
            return;
        }
        whole(call, page(path), all);
    }

    /// All paths that the index at `/` shows.
    public List<String> paths() {
        var paths = new TreeSet<String>();
        for (var page : List.of("healthz", "livez", "readyz")) {
            paths.add("/" + page);
            checksOf(page).orElseThrow().forEach(check -> paths.add("/" + page + "/" + check.name()));
        }
        return List.copyOf(paths);
    }

    private static String page(String path) {
        int slash = path.indexOf('/', 1);
        return slash < 0 ? path.substring(1) : path.substring(1, slash);
    }

    private static String rest(String path) {
        int slash = path.indexOf('/', 1);
        return slash < 0 ? "" : path.substring(slash + 1);
    }

    private Optional<List<Check>> checksOf(String page) {
        return switch (page) {
            case "healthz", "livez" ->
                Optional.of(checks.stream().filter(check -> !check.onlyReady()).toList());
            case "readyz" -> Optional.of(checks);
            default -> Optional.empty();
        };
    }

    private void one(Call call, String page, Check check) throws IOException {
        var objection = ask(check, page);
        call.exchange()
                .respond(
                        objection.isEmpty()
                                ? page(200, "ok")
                                : page(500, "internal server error: " + objection.get() + "\n"));
    }

    private void whole(Call call, String page, List<Check> all) throws IOException {
        var excluded = new LinkedHashSet<>(call.request().query("exclude"));
        var lines = new StringBuilder();
        var failed = new TreeSet<String>();
        for (var check : all) {
            if (excluded.remove(check.name())) {
                lines.append("[+]").append(check.name()).append(" excluded: ok\n");
                continue;
            }
            var objection = ask(check, page);
            if (objection.isEmpty()) {
                lines.append("[+]").append(check.name()).append(" ok\n");
            } else {
                lines.append("[-]").append(check.name()).append(" failed: reason withheld\n");
                failed.add(check.name());
                log.warn("health check failed", "page", page, "check", check.name(), "why", objection.get());
            }
        }
        if (!excluded.isEmpty()) {
            lines.append("warn: some health checks cannot be excluded: no matches for ")
                    .append(excluded.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", ")))
                    .append('\n');
        }
        call.exchange().respond(answer(call, page, lines, failed.isEmpty()));
    }

    private static Response answer(Call call, String page, StringBuilder lines, boolean healthy) {
        if (!healthy) {
            return page(500, lines + page + " check failed\n");
        }
        boolean verbose = call.request().queries().containsKey("verbose");
        return page(200, verbose ? lines + page + " check passed\n" : "ok");
    }

    private static Response page(int status, String text) {
        var headers = Headers.of("Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff");
        return new Response(status, headers, List.of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
