package dev.kapal.apiserver.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import dev.kapal.pki.Identity;
import dev.kapal.pki.TlsContexts;
import dev.kapal.pki.TrustRoots;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// One server that is asked over HTTP with JSON. Any thread; a call blocks. The client is made at the first call and
/// ended by [#close()].
public final class RemoteServer implements AutoCloseable {
    /// Far beyond any review or key set.
    private static final int LARGEST = 4 << 20;

    private final Optional<TrustRoots> roots;
    private final Optional<Identity> identity;
    private final Optional<String> token;
    private final Duration limit;
    private HttpClient client;

    /// @param roots who vouches for the server; empty for the machine's own
    /// @param identity what the server knows us by
    /// @param token likewise
    /// @param limit how long a call may take
    public RemoteServer(
            Optional<TrustRoots> roots, Optional<Identity> identity, Optional<String> token, Duration limit) {
        this.roots = roots;
        this.identity = identity;
        this.token = token;
        this.limit = limit;
    }

    private synchronized HttpClient client() {
        if (client == null) {
            var builder = HttpClient.newBuilder().connectTimeout(limit).followRedirects(HttpClient.Redirect.NEVER);
            tls().ifPresent(builder::sslContext);
            client = builder.build();
        }
        return client;
    }

    private Optional<SSLContext> tls() {
        return roots.map(trusted -> TlsContexts.client(identity, trusted));
    }

    /// Sends `question` and answers with what came back with a 2xx.
    ///
    /// @throws IOException when there is no such answer; its message says what came instead
    public ObjectNode post(URI uri, ObjectNode question) throws IOException, InterruptedException {
        return document(posting(uri, Documents.json(question)));
    }

    /// Sends a document; what is answered does not count, as long as it is a 2xx.
    ///
    /// @return the status
    /// @throws IOException when there is no such answer; its message says what came instead
    public int send(URI uri, byte[] json) throws IOException, InterruptedException {
        var request = posting(uri, json);
        var answer = client().send(request, BodyHandlers.discarding());
        requireSuccess(request, answer.statusCode());
        return answer.statusCode();
    }

    private HttpRequest posting(URI uri, byte[] json) {
        var request = HttpRequest.newBuilder(uri)
                .timeout(limit)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, */*")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json));
        token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        return request.build();
    }

    /// Fetches a document.
    ///
    /// @throws IOException when there is none; its message says what came instead
    public ObjectNode get(URI uri) throws IOException, InterruptedException {
        return document(HttpRequest.newBuilder(uri)
                .timeout(limit)
                .header("Accept", "application/json")
                .build());
    }

    /// Fetches a text that is no document.
    ///
    /// @param bearer shown to the server
    /// @throws IOException when there is none; its message says what came instead
    public String text(URI uri, Optional<String> bearer) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri).timeout(limit);
        bearer.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        return new String(bytes(request.build()), StandardCharsets.UTF_8);
    }

    private ObjectNode document(HttpRequest request) throws IOException, InterruptedException {
        byte[] body = bytes(request);
        try {
            return new DocumentDecoder().decode(body, MediaType.JSON).document();
        } catch (DecodeException malformed) {
            throw new IOException(request.uri() + " answered with what is no JSON object", malformed);
        }
    }

    private byte[] bytes(HttpRequest request) throws IOException, InterruptedException {
        var answer = client().send(request, BodyHandlers.ofInputStream());
        byte[] body;
        try (InputStream in = answer.body()) {
            body = in.readNBytes(LARGEST + 1);
        }
        requireSuccess(request, answer.statusCode());
        if (body.length > LARGEST) {
            throw new IOException(request.uri() + " answered with more than " + LARGEST + " bytes");
        }
        return body;
    }

    private static void requireSuccess(HttpRequest request, int status) throws IOException {
        if (status / 100 != 2) {
            throw new IOException(request.uri() + " answered with status " + status);
        }
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
