package dev.kapal.apiserver.streaming;

import dev.kapal.base.life.Life;
import dev.kapal.http.Duplex;
import dev.kapal.http.websocket.WebSocket;
import java.io.IOException;
import java.io.OutputStream;

/// Carries the bytes of a whole SPDY connection inside of WebSocket messages: `SPDY/3.1+portforward.k8s.io`. Blocks
/// the
/// calling thread; a second one carries the other direction.
final class WebSocketTunnel {
    /// Before the name of the SPDY protocol inside.
    static final String PREFIX = "SPDY/3.1+";

    private WebSocketTunnel() {}

    static void run(WebSocket client, Duplex agent, Life life) {
        life.spawn("tunnel", () -> {
            try (agent) {
                toAgent(client, agent.output());
            }
        });
        try (client;
                agent) {
            toClient(agent, client);
        }
    }

    private static void toAgent(WebSocket client, OutputStream agent) {
        try {
            for (var message = client.read(); message.isPresent(); message = client.read()) {
                agent.write(message.get().bytes());
                agent.flush();
            }
        } catch (IOException end) {
            return;
        }
    }

    private static void toClient(Duplex agent, WebSocket client) {
        var buffer = new byte[32 * 1024];
        try {
            for (int count = agent.input().read(buffer);
                    count >= 0;
                    count = agent.input().read(buffer)) {
                client.sendBinary(buffer, 0, count);
            }
        } catch (IOException end) {
            return;
        }
    }
}
