package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.TestServer;
import dev.kapal.model.codec.Documents;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that ask for a WebSocket when they watch, as fabric8's does, get one.
@Timeout(60)
class WatchSocketTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private final TestServer server = TestServer.start();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void everyEventIsAMessage() throws Exception {
        var socket = watch(MAPS + "?watch=true&fieldSelector=metadata.name%3Da");
        server.create(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");
        assertThat(next()).isEqualTo("ADDED a");
        server.call("DELETE", MAPS + "/a", "");
        assertThat(next()).isEqualTo("DELETED a");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("closed");
    }

    @Test
    void endsWithTheServer() throws Exception {
        watch(MAPS + "?watch=true");
        server.server().close();
        for (String message = next(); !message.equals("closed"); message = next()) {
            assertThat(message).startsWith("ADDED");
        }
    }

    private WebSocket watch(String path) throws Exception {
        return server.client(Optional.of(server.pki().admin()))
                .newWebSocketBuilder()
                .buildAsync(URI.create("wss://127.0.0.1:" + server.port() + path), new Ear())
                .get(10, TimeUnit.SECONDS);
    }

    private String next() throws InterruptedException {
        var message = heard.poll(10, TimeUnit.SECONDS);
        if (message == null || message.equals("closed")) {
            return message == null ? "silence" : message;
        }
        var event = Documents.read(message.getBytes(StandardCharsets.UTF_8));
        return event.path("type").asText()
                + " "
                + event.path("object").path("metadata").path("name").asText();
    }

    private final class Ear implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                heard.add(message.toString());
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            heard.add("closed");
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            heard.add("closed");
        }
    }
}
