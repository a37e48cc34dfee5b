package dev.kapal.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.http.Headers;
import dev.kapal.http.InProcess;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.Identity;
import dev.kapal.pki.TlsContexts;
import dev.kapal.store.MemoryStore;
import dev.kapal.store.Store;
import dev.kapal.testkit.KubectlRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A whole API server on a free port over a store in memory, with clients of every kind.
public final class TestServer implements AutoCloseable {
    private final Path directory;
    private final ClusterPki pki;
    private final Store store;
    private final ApiServer server;
    private final InProcess inside;

    private TestServer(Path directory, ClusterPki pki, Store store, ApiServer server) {
        this.directory = directory;
        this.pki = pki;
        this.store = store;
        this.server = server;
        this.inside = new InProcess(server.handler());
    }

    public static TestServer start() {
        return start(directory -> AccessOptions.DEFAULT);
    }

    public static TestServer start(Protection protection) {
        return start(directory -> AccessOptions.DEFAULT, protection);
    }

    /// How a server is told who may come in.
    @FunctionalInterface
    public interface Access {
        /// @param directory for the files that the options name
        AccessOptions in(Path directory) throws IOException;
    }

    public static TestServer start(Access access) {
        return start(access, Protection.DEFAULT);
    }

    public static TestServer start(Access access, Protection protection) {
        try {
            var directory = Files.createTempDirectory("kapal-apiserver");
            var pki = ClusterPki.open(directory.resolve("pki"), Time.system());
            var store = MemoryStore.open();
            var config = ApiServerConfig.of(
                    pki, 0, "192.0.2.7", ResourceRegistry.builtIn(), store, Time.system(), new Metrics());
            var server = ApiServer.start(config.withAccess(access.in(directory)).with(protection));
            return new TestServer(directory, pki, store, server);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    public ClusterPki pki() {
        return pki;
    }

    public int port() {
        return server.port();
    }

    public ApiServer server() {
        return server;
    }

    public HttpClient client(Optional<Identity> identity) {
        return HttpClient.newBuilder()
                .sslContext(TlsContexts.client(identity, pki.roots()))
                .build();
    }

    public URI uri(String path) {
        return URI.create("https://127.0.0.1:" + port() + path);
    }

    /// GET over TLS.
    public HttpResponse<String> get(HttpClient client, String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// POST of JSON over TLS.
    public ObjectNode post(HttpClient client, String path, String body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Documents.read(client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                .body());
    }

    /// What every cluster has of flow control is there a moment after the server listens; until then it is not healthy.
    public TestServer healthy() throws Exception {
        while (call("GET", "/livez", "").status() != 200) {
            Thread.onSpinWait();
        }
        return this;
    }

    /// What the server said.
    public record Answer(int status, Headers headers, byte[] bytes) {
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        public ObjectNode document() {
            return Documents.read(bytes);
        }
    }

    /// A request of the administrator, without a socket.
    public Answer call(String method, String path, String body, String... headers) throws Exception {
        return callAs(new Peer.Local("admin", List.of("system:masters")), method, path, body, headers);
    }

    public Answer callAs(Peer.Local peer, String method, String path, String body, String... headers) throws Exception {
        var all = Headers.of(headers).toBuilder();
        if (!Headers.of(headers).has("Content-Type")) {
            all.add("Content-Type", "application/json");
        }
        var request = Request.local(method, path, all.build(), body.getBytes(StandardCharsets.UTF_8), peer);
        try (var answer = inside.call(request)) {
            return new Answer(answer.status(), answer.headers(), answer.body().readAllBytes());
        }
    }

    /// Creates what a YAML text describes and fails loudly when it cannot.
    public void create(String path, String yaml) throws Exception {
        var document = new dev.kapal.model.codec.DocumentDecoder()
                .decode(yaml.getBytes(StandardCharsets.UTF_8), MediaType.YAML)
                .document();
        var answer = call("POST", path, Documents.text(document));
        if (answer.status() >= 300) {
            throw new IllegalStateException(answer.text());
        }
    }

    public void putStatus(String path, String yamlOfStatus) throws Exception {
        var document = call("GET", path, "").document();
        var status = new dev.kapal.model.codec.DocumentDecoder()
                .decode(yamlOfStatus.getBytes(StandardCharsets.UTF_8), MediaType.YAML)
                .document();
        document.set("status", status);
        var answer = call("PUT", path + "/status", Documents.text(document));
        if (answer.status() >= 300) {
            throw new IllegalStateException(answer.text());
        }
    }

    public Path kubeconfig() throws IOException {
        var file = directory.resolve("kubeconfig");
        if (!Files.exists(file)) {
            var admin = pki.admin();
            var encoder = Base64.getEncoder();
            Files.writeString(file, """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: k, cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: %s}}]
                    users: [{name: a, user: {client-certificate-data: %s, client-key-data: %s}}]
                    contexts: [{name: k, context: {cluster: k, user: a}}]
                    current-context: k
                    """.formatted(
                            port(),
                            encoder.encodeToString(bytes(pki.authority().certificatePem())),
                            encoder.encodeToString(bytes(admin.certificatePem())),
                            encoder.encodeToString(bytes(admin.keyPem()))));
        }
        return file;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Runs a real kubectl against this server.
    public KubectlRun kubectl(Path binary, String input, String... arguments) throws Exception {
        return KubectlRun.of(binary, kubeconfig(), directory, input, arguments);
    }

    @Override
    public void close() {
        inside.close();
        server.close();
        store.close();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
