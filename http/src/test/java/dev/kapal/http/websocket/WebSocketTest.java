package dev.kapal.http.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.http.Duplexes;
import dev.kapal.http.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WebSocketTest {
    @Test
    void answersTheKeyOfTheSpecification() {
        assertThat(WebSocket.acceptance("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void speaksWithTheJdksClient() throws Exception {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var answer = new CompletableFuture<byte[]>();
        var closed = new CompletableFuture<Integer>();
        try (var server = HttpServer.start(HttpServer.Config.clearText("test", address), exchange -> {
                    try (var socket = WebSocket.accept(exchange, "v5.channel.k8s.io")) {
                        for (var message = socket.read(); message.isPresent(); message = socket.read()) {
                            var bytes = message.get().bytes();
                            socket.sendBinary(bytes, 0, bytes.length);
                        }
                    }
                });
                var client = HttpClient.newHttpClient()) {
            var listener = new java.net.http.WebSocket.Listener() {
                private final ByteArrayOutputStream whole = new ByteArrayOutputStream();

                @Override
                public CompletionStage<?> onBinary(java.net.http.WebSocket from, ByteBuffer data, boolean last) {
                    var bytes = new byte[data.remaining()];
                    data.get(bytes);
                    whole.writeBytes(bytes);
                    if (last) {
                        answer.complete(whole.toByteArray());
                    }
                    from.request(1);
                    return null;
                }

                @Override
                public CompletionStage<?> onClose(java.net.http.WebSocket from, int code, String reason) {
                    closed.complete(code);
                    return null;
                }
            };
            var socket = client.newWebSocketBuilder()
                    .subprotocols("v5.channel.k8s.io", "v4.channel.k8s.io")
                    .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/"), listener)
                    .get(5, TimeUnit.SECONDS);
            assertThat(socket.getSubprotocol()).isEqualTo("v5.channel.k8s.io");
            var much = new byte[300_000];
            Arrays.fill(much, (byte) 3);
            socket.sendPing(ByteBuffer.allocate(0)).get();
            socket.sendBinary(ByteBuffer.wrap(much), false).get();
            socket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true).get();
            assertThat(answer.get(5, TimeUnit.SECONDS))
                    .hasSize(300_001)
                    .startsWith(3)
                    .endsWith(1);
            socket.sendClose(1000, "bye").get();
            assertThat(closed.get(5, TimeUnit.SECONDS)).isEqualTo(1000);
        }
    }

    @Test
    void speaksWithItself() throws Exception {
        var wire = Duplexes.pair();
        try (var client = WebSocket.client(wire.left())) {
            client.sendText("héllo");
            var frame = new byte[] {(byte) 0x82, 3, 1, 2, 3};
            wire.right().output().write(frame);
            assertThat(client.read().orElseThrow().bytes()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void refusesFramesThatBreakTheRules() throws Exception {
        // a masked frame from a server, a reserved bit, a fragment of nothing, a control frame in pieces
        var frames = new byte[][] {
            {(byte) 0x82, (byte) 0x81, 0, 0, 0, 0, 1}, {(byte) 0xc2, 0}, {(byte) 0x80, 0}, {0x09, 0}, {(byte) 0x83, 0}
        };
        for (var frame : frames) {
            var wire = Duplexes.pair();
            var client = WebSocket.client(wire.left());
            wire.right().output().write(frame);
            assertThatThrownBy(client::read).as(Arrays.toString(frame)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesMessagesWithoutEnd() throws Exception {
        var wire = Duplexes.pair();
        var client = WebSocket.client(wire.left());
        wire.right().output().write(new byte[] {(byte) 0x82, 127, 0x7f, 0, 0, 0, 0, 0, 0, 0});
        assertThatThrownBy(client::read).isInstanceOf(IOException.class).hasMessage("message too big");
    }

    @Test
    void masksWhatAClientSends() {
        byte[] frame = Frame.encode(Frame.TEXT, "abc".getBytes(UTF_8), 0, 3, true);
        assertThat(frame).hasSize(9);
        assertThat(frame[1]).isEqualTo((byte) 0x83);
    }
}
