package dev.kapal.client.delegated;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Json;
import dev.kapal.http.Exchange;
import dev.kapal.http.HttpServer;
import dev.kapal.http.Request;
import dev.kapal.http.Response;
import dev.kapal.pki.TrustRoots;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// What a component that runs alone tells of itself over HTTPS: `/healthz`, `/livez`, `/readyz` to everybody,
/// `/metrics` to whom the API server allows it. A thread per request, in [HttpServer]; closed by its owner.
///
/// Source: Kubernetes documentation, "kube-scheduler" and "kube-controller-manager", `--secure-port` and
/// `--authorization-always-allow-paths`.
public final class ComponentServer implements AutoCloseable {
    private static final Set<String> HEALTH = Set.of("/healthz", "/livez", "/readyz");
    private static final ObjectMapper JSON = Json.mapper();

    private final Reviews reviews;
    private final Metrics metrics;
    private final List<Check> checks;
    private HttpServer server;

    /// One thing that must be well.
    public record Check(String name, BooleanSupplier isWell) {}

    private ComponentServer(Reviews reviews, Metrics metrics, List<Check> checks) {
        this.reviews = reviews;
        this.metrics = metrics;
        this.checks = List.copyOf(checks);
    }

    /// Listens until closed.
    ///
    /// @param roots who vouches for clients that come with a certificate
    /// @throws java.net.BindException when the port is taken
    public static ComponentServer start(
            String name,
            InetSocketAddress address,
            TrustRoots roots,
            Reviews reviews,
            Metrics metrics,
            List<Check> checks,
            Time time)
            throws IOException {
        var server = new ComponentServer(reviews, metrics, checks);
        var tls = new OwnCertificate(name, time).context(roots);
        server.server = HttpServer.start(HttpServer.Config.tls(name + "-http", address, () -> tls), server::handle);
        return server;
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }

    private void handle(Exchange exchange) throws IOException, InterruptedException {
        exchange.respond(answer(exchange.request()));
    }

    private Response answer(Request request) throws IOException, InterruptedException {
        var caller = caller(request);
        if (caller.isEmpty()) {
            return status(401, "Unauthorized", "Unauthorized");
        }
        String path = request.path();
        if (HEALTH.contains(path)) {
            return health(path.substring(1), request.queries().containsKey("verbose"));
        }
        String verb = verb(request.method());
        if (!reviews.allows(caller.get(), verb, path)) {
            return status(
                    403,
                    "Forbidden",
                    "forbidden: User \"" + caller.get().name() + "\" cannot " + verb + " path \"" + path + "\"");
        }
        if (!path.equals("/metrics")) {
            return Response.text(404, "404 page not found\n");
        }
        return Response.of(
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                metrics.exposition().getBytes(StandardCharsets.UTF_8));
    }

    /// Who comes without credentials is a stranger; who comes with wrong ones is refused.
    private Optional<Caller> caller(Request request) throws InterruptedException {
        var known = Caller.ofConnection(request);
        if (known.isPresent()) {
            return known.map(ComponentServer::authenticated);
        }
        var token = Caller.token(request);
        return token.isPresent()
                ? reviews.caller(token.get())
                : Optional.of(new Caller("system:anonymous", "", List.of("system:unauthenticated")));
    }

    private static Caller authenticated(Caller caller) {
        var groups = new ArrayList<>(caller.groups());
        groups.add("system:authenticated");
        return new Caller(caller.name(), caller.uid(), groups);
    }

    private static String verb(String method) {
        return switch (method) {
            case "POST" -> "post";
            case "PUT" -> "put";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            case "HEAD" -> "head";
            default -> "get";
        };
    }

    private Response health(String page, boolean verbose) {
        var lines = new StringBuilder();
        boolean well = true;
        for (var check : checks) {
            boolean passed = check.isWell().getAsBoolean();
            well &= passed;
            lines.append(passed ? "[+]" : "[-]").append(check.name());
            lines.append(passed ? " ok\n" : " failed: reason withheld\n");
        }
        if (!well) {
            return Response.text(500, lines + page + " check failed\n");
        }
        return Response.text(200, verbose ? lines + page + " check passed\n" : "ok");
    }

    private static Response status(int code, String reason, String message) throws IOException {
        var status = new LinkedHashMap<String, Object>();
        status.put("kind", "Status");
        status.put("apiVersion", "v1");
        status.put("metadata", new LinkedHashMap<>());
        status.put("status", "Failure");
        status.put("message", message);
        status.put("reason", reason);
        status.put("code", code);
        return Response.json(code, JSON.writeValueAsBytes(status));
    }
}
