package dev.kapal.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.pki.TlsContexts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShutdownTest {
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

    /// A watch that is cut off makes the reader throw; one that ends properly comes to its end.
    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void endsWatchesAsIfTheirTimeWereOver(HttpClient.Version version) throws Exception {
        try (var cluster = TestServer.start()) {
            cluster.call("POST", CONFIG_MAPS, "{\"metadata\":{\"name\":\"a\"}}");
            var client = cluster.client(Optional.of(cluster.pki().admin()));
            var request = HttpRequest.newBuilder(cluster.uri(CONFIG_MAPS + "?watch=1&fieldSelector=metadata.name%3Da"))
                    .version(version)
                    .build();
            var watch = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var lines = new BufferedReader(new InputStreamReader(watch.body(), StandardCharsets.UTF_8))) {
                assertThat(lines.readLine()).contains("\"ADDED\"");
                cluster.server().close();
                assertThat(lines.readLine()).isNull();
            }
        }
    }

    @Test
    void failsToBeReadyBeforeItStopsToServe() throws Exception {
        try (var cluster = TestServer.start(Protections.ending(Duration.ofSeconds(30), false, Duration.ZERO))) {
            var client = cluster.client(Optional.of(cluster.pki().admin()));
            var closing = Thread.startVirtualThread(() -> cluster.server().close());
            String ready = cluster.get(client, "/readyz").body();
            while (!ready.contains("[-]shutdown failed: reason withheld")) {
                ready = cluster.get(client, "/readyz").body();
            }
            assertThat(ready).endsWith("readyz check failed\n");
            assertThat(cluster.get(client, "/livez").statusCode()).isEqualTo(200);
            assertThat(cluster.get(client, CONFIG_MAPS).statusCode()).isEqualTo(200);
            closing.interrupt(); // it need not wait for the test's sake
            closing.join();
        }
    }

    @Test
    void sendsNewRequestsAwayWhileOldOnesAreUnderWay() throws Exception {
        try (var cluster = TestServer.start(Protections.ending(Duration.ZERO, true, Duration.ofSeconds(1)))) {
            var admin = Optional.of(cluster.pki().admin());
            var tls = TlsContexts.client(admin, cluster.pki().roots());
            var client = cluster.client(admin);
            try (var slow = tls.getSocketFactory().createSocket("127.0.0.1", cluster.port())) {
                var body = "{\"metadata\":{\"name\":\"a\"}}";
                write(
                        slow,
                        "POST " + CONFIG_MAPS + " HTTP/1.1\r\nHost: kapal\r\nExpect: 100-continue\r\n"
                                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n");
                assertThat(new String(slow.getInputStream().readNBytes(25), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n"); // it is under way
                var closing = Thread.startVirtualThread(() -> cluster.server().close());

                var answer = cluster.get(client, CONFIG_MAPS);
                while (answer.statusCode() == 200) {
                    answer = cluster.get(client, CONFIG_MAPS);
                }
                assertThat(answer.statusCode()).isEqualTo(429);
                assertThat(answer.headers().firstValue("Retry-After")).contains("5");
                assertThat(answer.body()).isEqualTo("The apiserver is shutting down, please try again later.\n");
                assertThat(cluster.get(client, "/livez").statusCode()).isEqualTo(200);

                write(slow, body);
                assertThat(new String(slow.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 201");
                closing.join();
            }
        }
    }

    /// Who comes over a connection that was there before.
    @Test
    void refusesWhoStillComesWhenItListensNoMore() throws Exception {
        try (var cluster = TestServer.start()) {
            var tls = TlsContexts.client(
                            Optional.of(cluster.pki().admin()), cluster.pki().roots())
                    .getSocketFactory();
            try (var slow = tls.createSocket("127.0.0.1", cluster.port());
                    var present = tls.createSocket("127.0.0.1", cluster.port())) {
                write(present, "GET /livez/ping HTTP/1.1\r\nHost: kapal\r\n\r\n");
                var answers =
                        new BufferedReader(new InputStreamReader(present.getInputStream(), StandardCharsets.US_ASCII));
                assertThat(head(answers)).startsWith("HTTP/1.1 200");
                answers.skip(2); // its "ok"
                write(
                        slow,
                        "POST " + CONFIG_MAPS + " HTTP/1.1\r\nHost: kapal\r\nExpect: 100-continue\r\n"
                                + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n");
                assertThat(new String(slow.getInputStream().readNBytes(25), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n"); // it is under way
                var closing = Thread.startVirtualThread(() -> cluster.server().close());
                while (listens(cluster.port())) {
                    Thread.onSpinWait();
                }
                write(present, "GET " + CONFIG_MAPS + " HTTP/1.1\r\nHost: kapal\r\n\r\n");
                assertThat(head(answers))
                        .startsWith("HTTP/1.1 503")
                        .containsIgnoringCase("\nRetry-After: 1\n")
                        .containsIgnoringCase("\nConnection: close\n");
                write(slow, "{}");
                assertThat(new String(slow.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 422");
                closing.join();
            }
        }
    }

    private static String head(BufferedReader answer) throws IOException {
        var head = new StringBuilder();
        for (var line = answer.readLine(); line != null && !line.isEmpty(); line = answer.readLine()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    private static boolean listens(int port) {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }
}
