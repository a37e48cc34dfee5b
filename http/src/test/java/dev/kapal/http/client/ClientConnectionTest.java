package dev.kapal.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.http.Handler;
import dev.kapal.http.Headers;
import dev.kapal.http.HttpServer;
import dev.kapal.http.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientConnectionTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private static HttpServer server(Handler handler) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return HttpServer.start(HttpServer.Config.clearText("test", address), handler);
    }

    private static ClientConnection to(HttpServer server) throws IOException {
        return ClientConnection.open(new Target("127.0.0.1", server.port(), Optional.empty()), SOON);
    }

    private static String text(InputStream body) throws IOException {
        return new String(body.readAllBytes(), UTF_8);
    }

    private static final Headers HOST = Headers.of("Host", "x", "Connection", "close");

    @Test
    void readsBodiesOfKnownAndUnknownLength() throws IOException {
        try (var server = server(e -> {
            if (e.request().path().equals("/known")) {
                e.respond(Response.text(200, "known"));
                return;
            }
            try (var body = e.stream(200, Headers.NONE)) {
                body.write("un".getBytes(UTF_8));
                body.flush();
                body.write("known".getBytes(UTF_8));
            }
        })) {
            for (var path : new String[] {"/known", "/unknown"}) {
                try (var connection = to(server)) {
                    var answer = connection.send("GET", path, HOST, InputStream.nullInputStream(), 0);
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(text(answer.body())).isEqualTo(path.substring(1));
                }
            }
        }
    }

    @Test
    void sendsBodiesOfKnownAndUnknownLength() throws IOException {
        try (var server =
                server(e -> e.respond(Response.of(200, "x/y", e.request().body())))) {
            for (int length : new int[] {7, -1}) {
                try (var connection = to(server)) {
                    var body = new ByteArrayInputStream("content".getBytes(UTF_8));
                    assertThat(text(connection
                                    .send("POST", "/", HOST, body, length)
                                    .body()))
                            .isEqualTo("content");
                }
            }
        }
    }

    @Test
    void handsOverAnUpgradedConnection() throws IOException {
        try (var server = server(e -> {
                    try (var duplex = e.upgrade("echo", Headers.NONE)) {
                        duplex.output().write(duplex.input().readNBytes(5));
                    }
                });
                var connection = to(server)) {
            var headers = Headers.of("Host", "x", "Connection", "Upgrade", "Upgrade", "echo");
            var answer = connection.send("POST", "/", headers, InputStream.nullInputStream(), 0);
            assertThat(answer.status()).isEqualTo(101);
            var duplex = connection.upgraded();
            duplex.output().write("hello".getBytes(UTF_8));
            assertThat(text(duplex.input())).isEqualTo("hello");
        }
    }
}
