package dev.kapal.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.pki.Profile;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {
    private static HttpRequest get(TestServer server, String path) {
        return HttpRequest.newBuilder(URI.create(server.url(path))).build();
    }

    private static HttpRequest post(TestServer server, byte[] body) {
        return HttpRequest.newBuilder(URI.create(server.url("/")))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void answersOverTls(Version version) throws Exception {
        try (var server = TestServer.tls(exchange -> exchange.respond(Response.text(
                        200,
                        exchange.request().method() + " "
                                + exchange.request().path() + " "
                                + exchange.request().query("a")
                                + " " + exchange.request().protocol())));
                var client = server.client(version)) {
            var answer = client.send(get(server, "/x%20y?a=1&a=2+3"), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.body())
                    .isEqualTo("GET /x y [1, 2 3] " + (version == Version.HTTP_2 ? "HTTP/2.0" : "HTTP/1.1"));
            assertThat(answer.headers().firstValue("date")).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void carriesBodiesBothWays(Version version) throws Exception {
        try (var server = TestServer.tls(
                        e -> e.respond(Response.of(200, "x/y", e.request().body())));
                var client = server.client(version)) {
            for (int size : new int[] {0, 1, 1024, 17_000, 1_000_000, 3_000_000}) {
                var body = new byte[size];
                Arrays.fill(body, (byte) size);
                var answer = client.send(post(server, body), BodyHandlers.ofByteArray());
                assertThat(answer.body()).isEqualTo(body);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void saysThatABodyIsTooLargeOnlyWhenItIsAskedFor(Version version) throws Exception {
        var seen = new CountDownLatch(1);
        try (var server = TestServer.tls(e -> {
                    try {
                        e.request().body();
                    } catch (BodyTooLargeException tooLarge) {
                        seen.countDown();
                        e.respond(Response.text(413, "too large"));
                    }
                });
                var client = server.client(version)) {
            var answer = client.send(post(server, new byte[3 * 1024 * 1024 + 1]), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(seen.getCount()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void streamsWithBackPressure(Version version) throws Exception {
        var piece = new byte[64 * 1024];
        var written = new AtomicInteger();
        try (var server = TestServer.tls(e -> {
                    try (var body = e.stream(200, Headers.of("Content-Type", "x/y"))) {
                        for (int i = 0; i < 400; i++) {
                            body.write(piece);
                            body.flush();
                            written.incrementAndGet();
                        }
                    }
                });
                var client = server.client(version)) {
            var answer = client.send(get(server, "/"), BodyHandlers.ofInputStream());
            try (var in = answer.body()) {
                int first = in.readNBytes(1024).length;
                assertThat(written.get()).isLessThan(400);
                assertThat(first + in.readAllBytes().length).isEqualTo(400 * piece.length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void noticesAtOnceThatAClientHasGone(Version version) throws Exception {
        var gone = new CountDownLatch(1);
        var refused = new CountDownLatch(1);
        try (var server = TestServer.tls(e -> {
            e.onDisconnect(gone::countDown);
            try (var body = e.stream(200, Headers.NONE)) {
                body.write("first\n".getBytes(UTF_8));
                body.flush();
                gone.await();
                body.write("second\n".getBytes(UTF_8));
                body.flush();
            } catch (IOException expected) {
                refused.countDown();
                throw expected;
            }
        })) {
            var client = server.client(version);
            var answer = client.send(get(server, "/"), BodyHandlers.ofInputStream());
            assertThat(answer.body().readNBytes(6)).isEqualTo("first\n".getBytes(UTF_8));
            answer.body().close();
            client.shutdownNow();
            assertThat(gone.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(refused.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void turnsAPanicIntoAnError(Version version) throws Exception {
        try (var server = TestServer.tls(e -> {
                    throw new IllegalStateException("wanted by this test");
                });
                var client = server.client(version)) {
            assertThat(client.send(get(server, "/"), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(500);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void cutsOffAStreamWhoseHandlerFails(Version version) throws Exception {
        try (var server = TestServer.tls(e -> {
                    var body = e.stream(200, Headers.NONE);
                    body.write("half".getBytes(UTF_8));
                    body.flush();
                    throw new IllegalStateException("wanted by this test");
                });
                var client = server.client(version)) {
            assertThatThrownBy(() -> client.send(get(server, "/"), BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void streamsRequestBodiesOfAnyLength(Version version) throws Exception {
        try (var server = TestServer.clearText(e -> {
                    int length = 0;
                    var buffer = new byte[8192];
                    for (int n = e.input().read(buffer); n > 0; n = e.input().read(buffer)) {
                        length += n;
                    }
                    e.respond(Response.text(200, "" + length));
                });
                var client = server.client(version)) {
            var answer = client.send(post(server, new byte[9_000_000]), BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("9000000");
        }
    }

    @Test
    void knowsTheClientsCertificate() throws Exception {
        var alice = TestServer.AUTHORITY.issue(Profile.client("alice", "dev"));
        try (var server = TestServer.tls(
                        e -> e.respond(Response.text(200, name(e.request().peer()))));
                var known = server.client(Version.HTTP_2, Optional.of(alice));
                var unknown = server.client(Version.HTTP_2)) {
            assertThat(known.send(get(server, "/"), BodyHandlers.ofString()).body())
                    .isEqualTo("CN=alice,O=dev");
            assertThat(unknown.send(get(server, "/"), BodyHandlers.ofString()).body())
                    .isEqualTo("nobody");
        }
    }

    private static String name(Peer peer) {
        return ((Peer.Tls) peer)
                .certificate()
                .map(c -> c.getSubjectX500Principal().getName())
                .orElse("nobody");
    }

    @Test
    void serves200WatchesOnOneConnection() throws Exception {
        var ready = new CountDownLatch(200);
        var go = new CountDownLatch(1);
        try (var server = TestServer.tls(e -> {
                    try (var body = e.stream(200, Headers.NONE)) {
                        ready.countDown();
                        go.await();
                        body.write("event\n".getBytes(UTF_8));
                    }
                });
                HttpClient client = server.client(Version.HTTP_2)) {
            var answers = IntStream.range(0, 200)
                    .mapToObj(i -> client.sendAsync(get(server, "/" + i), BodyHandlers.ofString()))
                    .toList();
            assertThat(ready.await(20, TimeUnit.SECONDS)).isTrue();
            go.countDown();
            for (var answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo("event\n");
            }
        }
    }

    @Test
    void finishesShortAnswersWhenItCloses() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var server = TestServer.tls(e -> {
            begun.countDown();
            go.await();
            e.respond(Response.text(200, "done"));
        });
        try (var client = server.client(Version.HTTP_1_1)) {
            var answer = client.sendAsync(get(server, "/"), BodyHandlers.ofString());
            begun.await();
            var closing = Thread.startVirtualThread(server::close);
            go.countDown();
            assertThat(answer.get(5, TimeUnit.SECONDS).body()).isEqualTo("done");
            closing.join();
        }
    }

    @Test
    void saysInOneSentenceThatThePortIsTaken() throws Exception {
        try (var first = TestServer.clearText(e -> {})) {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), first.port());
            assertThatThrownBy(() -> HttpServer.start(HttpServer.Config.clearText("second", address), e -> {}))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("cannot listen on")
                    .hasMessageEndingWith(first.port() + ": the port is already in use");
        }
    }

    @Test
    void keepsHeadersOfTheAnswer() throws Exception {
        var headers = Headers.of("Content-Type", "x/y", "Set-Cookie", "a=1", "Set-Cookie", "b=2");
        try (var server = TestServer.tls(e -> e.respond(new Response(201, headers, List.of())));
                var client = server.client(Version.HTTP_2)) {
            var answer = client.send(get(server, "/"), BodyHandlers.ofString());
            assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
            assertThat(answer.statusCode()).isEqualTo(201);
        }
    }

    /// Each way an answer can be sent: whole, by pieces, as a stream.
    @ParameterizedTest
    @ValueSource(ints = {1, 1_000_000, -1})
    void asksAnHttp2ClientToComeBackOverAnotherConnection(int length) throws Exception {
        var close = Headers.of("Connection", "close");
        Handler handler = e -> {
            if (length < 0) {
                e.stream(200, close).close();
            } else {
                e.respond(new Response(200, close, List.of(new byte[length])));
            }
        };
        try (var server = TestServer.tls(handler);
                var socket = new Http2Socket(server.port())) {
            socket.send(Http2Socket.frame(
                    Http2Socket.HEADERS, Http2Socket.END_HEADERS | Http2Socket.END_STREAM, 1, Http2Socket.GET));
            assertThat(socket.next(Http2Socket.GOAWAY).orElseThrow().error()).isZero();
            assertThat(socket.next(Http2Socket.HEADERS).orElseThrow().stream()).isEqualTo(1);
            // on its way before the client could know
            socket.send(Http2Socket.frame(
                    Http2Socket.HEADERS, Http2Socket.END_HEADERS | Http2Socket.END_STREAM, 3, Http2Socket.GET));
            assertThat(socket.next(Http2Socket.HEADERS).orElseThrow().stream()).isEqualTo(3);
        }
    }
}
