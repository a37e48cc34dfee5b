package dev.kapal.apiserver.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.http.Handler;
import dev.kapal.http.Headers;
import dev.kapal.http.InProcess;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The server's calls to itself, as `system:apiserver`. Any thread; each call blocks until it is answered.
public final class Loopback implements AutoCloseable {
    private final InProcess server;
    private final Peer.Local myself = new Peer.Local("system:apiserver", List.of(User.MASTERS));

    public Loopback(Handler handler) {
        this.server = new InProcess(handler);
    }

    /// @param document the object, or the `Status` of a refusal
    public record Answer(int status, ObjectNode document) {
        /// Of a refusal.
        public String message() {
            return document.path("message").asText();
        }
    }

    /// @param path with its query
    /// @param body JSON, or empty
    /// @throws IOException when there is no answer
    public Answer call(String method, String path, String body) throws IOException, InterruptedException {
        var headers = Headers.of("Content-Type", "application/json", "User-Agent", "kube-apiserver");
        var request = Request.local(method, path, headers, body.getBytes(StandardCharsets.UTF_8), myself);
        try (var answer = server.call(request)) {
            return new Answer(answer.status(), Documents.read(answer.body().readAllBytes()));
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
