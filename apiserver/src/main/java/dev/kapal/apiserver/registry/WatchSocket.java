package dev.kapal.apiserver.registry;

import dev.kapal.http.Body;
import dev.kapal.http.Exchange;
import dev.kapal.http.websocket.WebSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// A watch over a WebSocket: each event is a message of its own. Some clients (fabric8's) ask for it first and wait
/// for the upgrade. Upstream: `HandleWS` of the watch endpoint.
final class WatchSocket implements Body {
    private final WebSocket socket;
    private final boolean text;

    private WatchSocket(WebSocket socket, boolean text) {
        this.socket = socket;
        this.text = text;
    }

    /// @param contentType of the events: JSON goes as text, everything else as bytes
    static WatchSocket accept(Exchange exchange, String contentType) throws IOException {
        return new WatchSocket(WebSocket.accept(exchange, ""), contentType.startsWith("application/json"));
    }

    /// Blocks until the client closes. What it says is of no interest, but reading answers its pings.
    void awaitClose() {
        try {
            Optional<WebSocket.Message> message;
            do {
                message = socket.read();
            } while (message.isPresent());
        } catch (IOException gone) {
            return; // a client that goes without a word has gone all the same
        }
    }

    @Override
    public void write(byte[] event) throws IOException {
        if (text) {
            socket.sendText(event, 0, event.length);
        } else {
            socket.sendBinary(event, 0, event.length);
        }
    }

    /// Messages are not gathered.
    @Override
    public void flush() {}

    @Override
    public void patience(Duration limit) {
        socket.patience(limit);
    }

    @Override
    public void close() {
        socket.close();
    }
}
