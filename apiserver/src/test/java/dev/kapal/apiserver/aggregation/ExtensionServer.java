package dev.kapal.apiserver.aggregation;

import dev.kapal.apiserver.TestServer;
import dev.kapal.http.Exchange;
import dev.kapal.http.Headers;
import dev.kapal.http.HttpServer;
import dev.kapal.http.Response;
import dev.kapal.http.websocket.WebSocket;
import dev.kapal.pki.Profile;
import dev.kapal.pki.TlsContexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A server that extends the API, on the loopback: it lets nobody in but the front proxy, and tells who asks.
final class ExtensionServer implements AutoCloseable {
    private static final String BASE = "/apis/wardle.example.com/v1alpha1";

    /// With a definition that differs from Kubernetes' own, and paths that are none of this server's business.
    private static final String OPEN_API = """
            {"swagger":"2.0","info":{"title":"wardle","version":"1"},
            "paths":{"/api/v1/pods":{"get":{"operationId":"stolen"}},
            "/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders":{
            "parameters":[{"$ref":"#/parameters/namespace"}],
            "get":{"operationId":"listFlunder","responses":{"200":{"description":"OK","schema":{"$ref":"#/definitions/com.example.wardle.Flunder"}}}}}},
            "parameters":{"namespace":{"in":"path","name":"namespace","type":"string","required":true}},
            "definitions":{"com.example.wardle.Unused":{"type":"object"},
            "com.example.wardle.Flunder":{"type":"object","description":"A flunder.","x-kubernetes-group-version-kind":[
            {"group":"wardle.example.com","kind":"Flunder","version":"v1alpha1"}],"properties":{
            "metadata":{"$ref":"#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}}},
            "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta":{"type":"object","description":"Another one."}}}""";

    private final HttpServer server;
    final Queue<Headers> seen;

    private ExtensionServer(HttpServer server, Queue<Headers> seen) {
        this.server = server;
        this.seen = seen;
    }

    static ExtensionServer start(TestServer cluster) throws IOException {
        var identity = cluster.pki().authority().issue(Profile.server("wardle", List.of("wardle.default.svc")));
        var context = TlsContexts.strictServer(
                () -> identity, cluster.pki().frontProxyAuthority().roots());
        var seen = new ConcurrentLinkedQueue<Headers>();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var server = HttpServer.start(HttpServer.Config.tls("wardle", address, () -> context), exchange -> {
            seen.add(exchange.request().headers());
            handle(exchange);
        });
        return new ExtensionServer(server, seen);
    }

    int port() {
        return server.port();
    }

    private static void handle(Exchange exchange) throws Exception {
        var request = exchange.request();
        if (WebSocket.isAskedFor(request)) {
            try (var socket = WebSocket.accept(exchange, "echo")) {
                byte[] message = socket.read().orElseThrow().bytes();
                socket.sendBinary(message, 0, message.length);
            }
            return;
        }
        switch (request.path()) {
            case BASE -> json(exchange, 200, """
                        {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"wardle.example.com/v1alpha1","resources":[
                        {"name":"flunders","singularName":"flunder","namespaced":true,"kind":"Flunder","verbs":["get","list","watch"],"shortNames":["fl"]},
                        {"name":"flunders/status","singularName":"","namespaced":true,"kind":"Flunder","verbs":["get"]}]}""");
            case "/openapi/v3" -> json(exchange, 200, """
                        {"paths":{"apis/wardle.example.com/v1alpha1":{"serverRelativeURL":"/openapi/v3/apis/wardle.example.com/v1alpha1?hash=1"}}}""");
            case "/openapi/v2" -> json(exchange, 200, OPEN_API);
            case "/openapi/v3" + BASE -> json(exchange, 200, "{\"openapi\":\"3.0.0\"}");
            case BASE + "/namespaces/default/flunders" -> flunders(exchange);
            default -> json(exchange, 404, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":404}");
        }
    }

    private static void flunders(Exchange exchange) throws Exception {
        var request = exchange.request();
        if (request.method().equals("POST")) {
            exchange.respond(Response.json(201, request.body()));
        } else if (request.query("watch").isEmpty()) {
            json(
                    exchange,
                    200,
                    "{\"kind\":\"FlunderList\",\"apiVersion\":\"wardle.example.com/v1alpha1\",\"items\":[]}");
        } else {
            try (var body = exchange.stream(200, Headers.of("Content-Type", "application/json"))) {
                body.write("{\"type\":\"ADDED\",\"object\":{\"kind\":\"Flunder\"}}\n".getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void json(Exchange exchange, int status, String text) throws IOException {
        exchange.respond(Response.json(status, text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        server.close();
    }
}
