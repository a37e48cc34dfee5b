package dev.kapal.apiserver.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.TestServer;
import dev.kapal.http.Exchange;
import dev.kapal.http.Headers;
import dev.kapal.http.HttpServer;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import dev.kapal.http.Response;
import dev.kapal.http.client.Target;
import dev.kapal.http.websocket.WebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxiesTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String SERVICES = "/api/v1/namespaces/default/services";

    private TestServer cluster;
    private HttpServer backend;

    @BeforeAll
    void start() throws Exception {
        cluster = TestServer.start();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var config = HttpServer.Config.clearText("backend", address);
        backend = HttpServer.start(config, this::answer);
        cluster.create(
                "/api/v1/namespaces/default/serviceaccounts",
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}");
        cluster.create(
                PODS,
                "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {nodeName: n1, containers: [{name: c, image: x,"
                        + " ports: [{containerPort: %d}]}]}}".formatted(backend.port()));
        cluster.putStatus(PODS + "/web", "{phase: Running, podIP: 127.0.0.1, podIPs: [{ip: 127.0.0.1}]}");
        cluster.create(
                SERVICES,
                "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{name: http, port: 80}]}}");
        cluster.create(
                SERVICES,
                "{apiVersion: v1, kind: Service, metadata: {name: empty}, spec: {ports: [{name: http, port: 80}]}}");
    }

    @AfterAll
    void stop() {
        backend.close();
        cluster.close();
    }

    private void answer(Exchange exchange) throws IOException {
        var request = exchange.request();
        switch (request.path()) {
            case "/redirect" ->
                exchange.respond(new Response(302, Headers.of("Location", "/elsewhere?x=1"), List.of()));
            case "/away" ->
                exchange.respond(new Response(302, Headers.of("Location", "https://example.com/"), List.of()));
            case "/count" -> {
                long count = 0;
                var buffer = new byte[8192];
                for (int n = exchange.input().read(buffer);
                        n >= 0;
                        n = exchange.input().read(buffer)) {
                    count += n;
                }
                exchange.respond(Response.text(200, Long.toString(count)));
            }
            case "/socket" -> {
                try (var socket = WebSocket.accept(exchange, "")) {
                    var message = socket.read().orElseThrow();
                    socket.sendText(new String(message.bytes(), UTF_8) + "!");
                    socket.read();
                }
            }
            default ->
                exchange.respond(Response.text(
                                200,
                                request.method() + " " + request.target() + " "
                                        + request.header("X-Own").orElse("-") + " "
                                        + request.header("Authorization").orElse("-") + " "
                                        + new String(request.body(), UTF_8))
                        .with("X-Backend", "yes"));
        }
    }

    private String at(String path) {
        return PODS + "/web:" + backend.port() + "/proxy" + path;
    }

    @Test
    void passesOnMethodPathQueryHeadersAndBody() throws Exception {
        var answer =
                cluster.call("PUT", at("/a%20b/c?d=e%26f"), "body", "X-Own", "mine", "Authorization", "Bearer secret");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().first("X-Backend")).contains("yes");
        assertThat(answer.text()).isEqualTo("PUT /a%20b/c?d=e%26f mine - body");
    }

    @Test
    void takesThePodsFirstPortWhenNoneIsNamed() throws Exception {
        assertThat(cluster.call("GET", PODS + "/web/proxy/x", "").text()).startsWith("GET /x");
    }

    @Test
    void addsTheSlashThatRelativeLinksNeed() throws Exception {
        var answer = cluster.call("GET", PODS + "/web/proxy?x=1", "");
        assertThat(answer.status()).isEqualTo(301);
        assertThat(answer.headers().first("Location")).contains(PODS + "/web/proxy/?x=1");
    }

    @Test
    void keepsRedirectsBehindTheProxy() throws Exception {
        assertThat(cluster.call("GET", at("/redirect"), "").headers().first("Location"))
                .contains(at("/elsewhere?x=1"));
        assertThat(cluster.call("GET", at("/away"), "").headers().first("Location"))
                .contains("https://example.com/");
    }

    @Test
    void streamsBodiesOfAnySize() throws Exception {
        try (var client = cluster.client(Optional.of(cluster.pki().admin()))) {
            var request = HttpRequest.newBuilder(cluster.uri(at("/count")))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[10_000_000]))
                    .build();
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("10000000");
        }
    }

    @Test
    void passesWebSocketsThrough() throws Exception {
        var heard = new CompletableFuture<String>();
        var listener = new java.net.http.WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(java.net.http.WebSocket from, CharSequence text, boolean last) {
                heard.complete(text.toString());
                return null;
            }
        };
        try (var client = cluster.client(Optional.of(cluster.pki().admin()))) {
            var socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create("wss://127.0.0.1:" + cluster.port() + at("/socket")), listener)
                    .get(10, TimeUnit.SECONDS);
            socket.sendText("hello", true).get();
            assertThat(heard.get(10, TimeUnit.SECONDS)).isEqualTo("hello!");
            socket.abort();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/pods/none/proxy/ | 404 | pods \"none\" not found",
                "/pods/web:1/proxy/ | 503 | error trying to reach service: dial tcp 127.0.0.1:1",
                "/pods/a:b:c:d/proxy/ | 400 | invalid pod request",
                "/services/none/proxy/ | 404 | services \"none\" not found",
                "/services/empty:81/proxy/ | 503 | no service port 81 found for service \"empty\"",
            })
    void saysWhyItCannotReach(String path, int status, String part) throws Exception {
        var answer = cluster.call("GET", "/api/v1/namespaces/default" + path, "");
        assertThat(answer.text()).contains(part.replace("\"", "\\\""));
        assertThat(answer.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "/x, /p/x",
        "/p/x, /p/x",
        "x/y, x/y",
        "http://10.0.0.1:80/x?y#z, /p/x?y#z",
        "http://10.0.0.1/x, /p/x",
        "http://api/x, /p/x",
        "http://other/x, http://other/x",
        "'', ''",
    })
    void rewritesLocationsOfTheBackendOnly(String location, String expected) {
        assertThat(Redirects.rewritten(location, "/p", new Target("10.0.0.1", 80, Optional.empty()), "api"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/namespaces/d/pods/web/proxy/a/proxy/b, /api/v1/namespaces/d/pods/web/proxy, /a/proxy/b",
        "/api/v1/namespaces/proxy/pods/proxy/proxy/x, /api/v1/namespaces/proxy/pods/proxy/proxy, /x",
        "/api/v1/nodes/n1/proxy, /api/v1/nodes/n1/proxy, ''",
        "/api/v1/nodes/proxy/proxy/, /api/v1/nodes/proxy/proxy, /",
    })
    void findsWhereThePathGoesOn(String path, String prefix, String rest) {
        var request = Request.get(path, new Peer.Local("x", List.of()));
        assertThat(ProxyPath.of(request)).isEqualTo(new ProxyPath(prefix, rest));
    }
}
