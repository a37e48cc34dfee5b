package dev.kapal.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.time.Time;
import dev.kapal.http.Exchange;
import dev.kapal.http.HttpServer;
import dev.kapal.http.Peer;
import dev.kapal.http.Response;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.Profile;
import dev.kapal.pki.TlsContexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// A real HTTPS server on the loopback that answers reviews, a different way under each path. `/hang` answers when the
/// server is closed.
public final class TestWebhook implements AutoCloseable {
    private final ClusterPki pki;
    private final HttpServer server;
    private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
    private final String caBundle;
    private final Map<String, Rule> rules = new ConcurrentHashMap<>();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    /// What one path answers.
    @FunctionalInterface
    public interface Rule {
        /// @param request of the review
        /// @param response holds the uid
        void answer(JsonNode request, ObjectNode response);
    }

    private TestWebhook(ClusterPki pki, int port) throws IOException {
        this.pki = pki;
        var identity = pki.authority().issue(Profile.node("webhook", List.of("127.0.0.1")));
        var context = TlsContexts.lenientServer(() -> identity, pki.roots());
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.server = HttpServer.start(HttpServer.Config.tls("webhook", address, () -> context), this::handle);
        this.caBundle = Base64.getEncoder()
                .encodeToString(pki.authority().certificatePem().getBytes(StandardCharsets.UTF_8));
    }

    public static TestWebhook start(Path directory) throws IOException {
        return new TestWebhook(ClusterPki.open(directory, Time.system()), 0);
    }

    /// Ends this one; the new one listens in its place.
    public TestWebhook restart() throws IOException {
        int port = port();
        close();
        var next = new TestWebhook(pki, port);
        next.rules.putAll(rules);
        return next;
    }

    /// How many connections its requests came by.
    public int connections() {
        return clients.size();
    }

    public TestWebhook on(String path, Rule rule) {
        rules.put(path, rule);
        return this;
    }

    public static Rule allow() {
        return (request, response) -> response.put("allowed", true);
    }

    public static Rule deny(String message) {
        return (request, response) ->
                response.put("allowed", false).putObject("status").put("message", message);
    }

    public static Rule patch(String patch) {
        return (request, response) -> response.put("allowed", true)
                .put("patchType", "JSONPatch")
                .put("patch", Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)));
    }

    public String url(String path) {
        return "https://127.0.0.1:" + server.port() + path;
    }

    public int port() {
        return server.port();
    }

    public String caBundle() {
        return caBundle;
    }

    /// The `request` of every review so far.
    public List<JsonNode> requests() {
        return requests;
    }

    private void handle(Exchange exchange) throws Exception {
        var path = exchange.request().path();
        if (exchange.request().peer() instanceof Peer.Tls client) {
            clients.add(client.address());
        }
        if (path.equals("/hang")) {
            closing.await();
        }
        var review = Documents.read(exchange.request().body());
        requests.add(review.path("request"));
        var answer = Documents.object();
        answer.set("kind", review.path("kind"));
        answer.set("apiVersion", review.path("apiVersion"));
        var response = answer.putObject("response");
        response.set("uid", review.path("request").path("uid"));
        var rule = rules.get(path);
        if (rule == null) {
            exchange.respond(Response.text(404, "no such path"));
            return;
        }
        rule.answer(review.path("request"), response);
        exchange.respond(Response.json(200, Documents.json(answer)));
    }

    @Override
    public void close() {
        closing.countDown();
        server.close();
    }
}
