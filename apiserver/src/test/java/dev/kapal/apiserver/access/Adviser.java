package dev.kapal.apiserver.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.time.Time;
import dev.kapal.http.Exchange;
import dev.kapal.http.HttpServer;
import dev.kapal.http.Response;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.Profile;
import dev.kapal.pki.TlsContexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// A server of its own authority that answers each path as a test says: an identity provider, a webhook.
final class Adviser implements AutoCloseable {
    private record Text(String authorization, String text) {}

    private final CertificateAuthority authority;
    private final Map<String, Text> texts = new ConcurrentHashMap<>();
    private final Map<String, UnaryOperator<ObjectNode>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final HttpServer server;

    Adviser() throws IOException {
        this(CertificateAuthority.create("advisers", Time.system()));
    }

    /// Another one, of the same authority.
    Adviser(Adviser colleague) throws IOException {
        this(colleague.authority);
    }

    private Adviser(CertificateAuthority authority) throws IOException {
        this.authority = authority;
        var identity = authority.issue(Profile.server("adviser", List.of("localhost", "127.0.0.1")));
        var context = TlsContexts.lenientServer(() -> identity, authority.roots());
        server = HttpServer.start(
                HttpServer.Config.tls(
                        "adviser", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), () -> context),
                this::handle);
    }

    private void handle(Exchange exchange) throws IOException {
        asked.incrementAndGet();
        var text = texts.get(exchange.request().path());
        if (text != null) {
            boolean known = text.authorization().isEmpty()
                    || exchange.request().header("Authorization").equals(Optional.of(text.authorization()));
            exchange.respond(Response.text(known ? 200 : 401, known ? text.text() : "who are you?"));
            return;
        }
        var answer = answers.get(exchange.request().path());
        if (answer == null) {
            exchange.respond(Response.json(404, new byte[] {'{', '}'}));
            return;
        }
        byte[] body = exchange.request().body();
        var question = body.length == 0 ? Documents.object() : Documents.read(body);
        exchange.respond(Response.json(200, Documents.json(answer.apply(question))));
    }

    void answers(String path, UnaryOperator<ObjectNode> answer) {
        answers.put(path, answer);
    }

    /// Says this to whoever shows these credentials; to everybody if there are none.
    void says(String path, String authorization, String text) {
        texts.put(path, new Text(authorization, text));
    }

    /// How often it was asked so far.
    int asked() {
        return asked.get();
    }

    String url() {
        return "https://localhost:" + server.port();
    }

    String authorityPem() {
        return authority.certificatePem();
    }

    /// A kubeconfig that leads here.
    Path kubeconfig(Path directory, String path) throws IOException {
        Files.writeString(directory.resolve("adviser-ca.crt"), authorityPem());
        return Files.writeString(directory.resolve("adviser.kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: a, cluster: {server: "%s%s", certificate-authority: adviser-ca.crt}}]
                users: [{name: kapal, user: {token: hello}}]
                contexts: [{name: c, context: {cluster: a, user: kapal}}]
                current-context: c
                """.formatted(url(), path));
    }

    @Override
    public void close() {
        server.close();
    }
}
