package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.authn.ServiceAccountTokens;
import dev.kapal.apiserver.authn.TokenRequests;
import dev.kapal.apiserver.discovery.Discovery;
import dev.kapal.apiserver.health.HealthPages;
import dev.kapal.apiserver.openapi.OpenApiPages;
import dev.kapal.apiserver.proxy.Proxies;
import dev.kapal.apiserver.registry.Resources;
import dev.kapal.apiserver.streaming.PodConnections;
import dev.kapal.base.metric.Metrics;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/// Sends an authorized request to whoever answers it. Any thread.
public final class Router {
    private final ResourceRegistry registry;
    private final Resources resources;
    private final PodConnections connections;
    private final Proxies proxies;
    private final TokenRequests tokenRequests;
    private final ServiceAccountTokens tokens;
    private final Discovery discovery;
    private final OpenApiPages openApi;
    private final HealthPages health;
    private final Metrics metrics;

    public Router(
            ResourceRegistry registry,
            Resources resources,
            PodConnections connections,
            Proxies proxies,
            TokenRequests tokenRequests,
            ServiceAccountTokens tokens,
            Discovery discovery,
            OpenApiPages openApi,
            HealthPages health,
            Metrics metrics) {
        this.registry = registry;
        this.resources = resources;
        this.connections = connections;
        this.proxies = proxies;
        this.tokenRequests = tokenRequests;
        this.tokens = tokens;
        this.discovery = discovery;
        this.openApi = openApi;
        this.health = health;
        this.metrics = metrics;
    }

    void route(Call call) throws Exception {
        if (call.info().isResource()) {
            resource(call);
        } else {
            page(call);
        }
    }

    private void resource(Call call) throws Exception {
        var info = call.info();
        var groupVersion = new GroupVersion(info.group(), info.version());
        if (!registry.groupVersions().contains(groupVersion)) {
            notFound(call);
            return;
        }
        if (!info.group().isEmpty()) {
            resources.handle(call);
            return;
        }
        switch (info.resource() + "/" + info.subresource()) {
            case "pods/log", "pods/exec", "pods/attach", "pods/portforward" -> connections.handle(call);
            case "pods/proxy", "services/proxy", "nodes/proxy" -> proxies.handle(call);
            case "serviceaccounts/token" -> token(call);
            default -> resources.handle(call);
        }
    }

    private void token(Call call) throws IOException, InterruptedException {
        if (!call.info().verb().equals("create")) {
            throw ApiException.methodNotAllowed();
        }
        tokenRequests.handle(call);
    }

    private void page(Call call) throws IOException {
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
            case "/version", "/version/" -> Response.json(200, ServerVersion.document());
            case "/metrics" ->
                Response.of(
                        200,
                        "text/plain; version=0.0.4; charset=utf-8",
                        metrics.exposition().getBytes(StandardCharsets.UTF_8));
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

    private static void readOnly(Call call) {
        String method = call.request().method();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw ApiException.methodNotAllowed();
        }
    }

    /// Outside of what is served there is no `Status`, as upstream.
    private static void notFound(Call call) throws IOException {
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
