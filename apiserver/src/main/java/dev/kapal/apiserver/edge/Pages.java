package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.authn.ServiceAccountTokens;
import dev.kapal.apiserver.discovery.Discovery;
import dev.kapal.apiserver.health.HealthPages;
import dev.kapal.apiserver.openapi.OpenApiPages;
import dev.kapal.apiserver.version.ServerVersion;
import dev.kapal.base.metric.Metrics;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/// Everything under paths that name no resource. Any thread.
public final class Pages {
    private final HealthPages health;
    private final Discovery discovery;
    private final OpenApiPages openApi;
    private final ServiceAccountTokens tokens;
    private final Metrics metrics;
    private final ResourceRegistry registry;

    public Pages(
            HealthPages health,
            Discovery discovery,
            OpenApiPages openApi,
            ServiceAccountTokens tokens,
            Metrics metrics,
            ResourceRegistry registry) {
        this.health = health;
        this.discovery = discovery;
        this.openApi = openApi;
        this.tokens = tokens;
        this.metrics = metrics;
        this.registry = registry;
    }

    /// Whether discovery or OpenAPI of this server has this page.
    boolean serves(String path) {
        return discovery.serves(path) || openApi.serves(path);
    }

    void handle(Call call) throws IOException {
        String path = call.info().path();
        if (health.serves(path)) {
            readOnly(call);
            health.handle(call);
        } else if (discovery.serves(path)) {
            readOnly(call);
            discovery.handle(call);
        } else if (openApi.serves(path)) {
            readOnly(call);
            openApi.handle(call);
        } else {
            constant(call, path);
        }
    }

    private void constant(Call call, String path) throws IOException {
        var answer = switch (path) {
            case "/" -> Response.json(200, index());
            case "/version", "/version/" -> Response.json(200, Documents.json(ServerVersion.document()));
            case "/metrics" -> exposition(metrics.exposition());
            case "/metrics/slis" -> exposition(health.slis());
            case "/.well-known/openid-configuration" ->
                Response.json(200, Documents.json(tokens.openIdConfiguration()));
            case "/openid/v1/jwks" -> Response.of(200, "application/jwk-set+json", Documents.json(tokens.keySet()));
            default -> null;
        };
        if (answer == null) {
            notFound(call);
            return;
        }
        readOnly(call);
        call.exchange().respond(answer);
    }

    private static Response exposition(String text) {
        return Response.of(200, "text/plain; version=0.0.4; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void readOnly(Call call) {
        String method = call.request().method();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw ApiException.methodNotAllowed();
        }
    }

    /// Outside of what is served there is no `Status`, as upstream.
    static void notFound(Call call) throws IOException {
        var headers = Headers.of("Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff");
        call.exchange()
                .respond(new Response(
                        404, headers, List.of("404 page not found\n".getBytes(StandardCharsets.US_ASCII))));
    }

    private byte[] index() {
        var paths = new TreeSet<>(health.paths());
        paths.addAll(List.of(
                "/.well-known/openid-configuration",
                "/api",
                "/apis",
                "/metrics",
                "/metrics/slis",
                "/openapi/v2",
                "/openapi/v3",
                "/openid/v1/jwks",
                "/version"));
        for (var version : registry.groupVersions()) {
            paths.add(version.path());
            paths.add(version.group().isEmpty() ? "/api" : "/apis/" + version.group());
        }
        var document = Documents.object();
        var list = document.putArray("paths");
        paths.forEach(list::add);
        return Documents.json(document);
    }
}
