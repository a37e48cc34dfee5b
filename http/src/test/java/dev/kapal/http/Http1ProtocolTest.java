package dev.kapal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Speaks raw bytes, because the protocol is the subject.
class Http1ProtocolTest {
    private static final Handler ECHO = e -> e.respond(Response.text(
            200,
            e.request().method() + e.request().target() + new String(e.request().body(), ISO_8859_1)));

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    private static String exchange(TestServer server, String text) throws IOException {
        try (var socket = server.socket()) {
            send(socket, text);
            return all(socket);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1\r\n\r\n', 400",
        "'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400",
        "'GET http//x HTTP/1.1\r\nHost: a\r\n\r\n', 400",
        "'GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n', 400",
        "'GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n', 400",
        "'nonsense\r\n\r\n', 400",
        "'GET / HTTP/3.0\r\nHost: a\r\n\r\n', 505",
        "'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 400",
        "'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400",
        "'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400",
        "'POST / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\nContent-Length: 1\r\n\r\n', 417",
        "'GET / HTTP/1.1\r\nHost: a\r\nbad name: x\r\n\r\n', 400",
    })
    void refusesWhatIsNotHttp(String request, int status) throws IOException {
        try (var server = TestServer.clearText(ECHO)) {
            assertThat(exchange(server, request)).startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void refusesHeadsThatAreTooLarge() throws IOException {
        try (var server = TestServer.clearText(ECHO)) {
            assertThat(exchange(server, "GET /" + "a".repeat(300_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                    .startsWith("HTTP/1.1 431 ");
            assertThat(exchange(server, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(300_000) + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void answersRequestsThatWereSentAheadInOrder() throws IOException {
        try (var server = TestServer.clearText(ECHO)) {
            var requests = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                requests.append("POST /").append(i).append(" HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
            }
            requests.append("GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            var answers = exchange(server, requests.toString());
            int at = 0;
            for (int i = 0; i < 200; i++) {
                at = answers.indexOf("POST/" + i + "x", at);
                assertThat(at).as("answer %d", i).isPositive();
            }
            assertThat(answers).endsWith("GET/last").contains("Connection: close");
        }
    }

    @Test
    void readsChunkedBodies() throws IOException {
        try (var server = TestServer.clearText(ECHO)) {
            assertThat(exchange(
                            server,
                            "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: z\r\n\r\n"))
                    .endsWith("POST/abcde");
        }
    }

    @Test
    void invitesABodyThatIsExpected() throws IOException {
        try (var server = TestServer.clearText(ECHO);
                var socket = server.socket()) {
            send(
                    socket,
                    "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            var invitation = new String(socket.getInputStream().readNBytes(25), ISO_8859_1);
            assertThat(invitation).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            send(socket, "ok");
            assertThat(all(socket)).endsWith("POST/ok");
        }
    }

    @Test
    void closesAfterOldRequestsUnlessAsked() throws IOException {
        try (var server = TestServer.clearText(ECHO)) {
            assertThat(exchange(server, "GET /old HTTP/1.0\r\n\r\n")).endsWith("GET/old");
            assertThat(exchange(server, "GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n"))
                    .contains("Connection: keep-alive")
                    .endsWith("GET/2");
        }
    }

    @Test
    void sendsNoBodyToHead() throws IOException {
        try (var server = TestServer.clearText(ECHO)) {
            assertThat(exchange(server, "HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .contains("Content-Length: 6\r\n")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void endsTheBodyOfAnOldClientByClosing() throws IOException {
        Handler stream = e -> {
            try (var body = e.stream(200, Headers.NONE)) {
                body.write("abc".getBytes(ISO_8859_1));
            }
        };
        try (var server = TestServer.clearText(stream)) {
            assertThat(exchange(server, "GET / HTTP/1.0\r\n\r\n"))
                    .doesNotContain("chunked")
                    .endsWith("\r\n\r\nabc");
            assertThat(exchange(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .contains("Transfer-Encoding: chunked")
                    .endsWith("\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        }
    }

    @Test
    void handsOverTheConnectionWithWhatWasAlreadySent() throws IOException {
        Handler upgrade = e -> {
            try (var duplex = e.upgrade("shout", Headers.of("X-Answer", "1"))) {
                var buffer = new byte[64];
                for (int n = duplex.input().read(buffer);
                        n > 0;
                        n = duplex.input().read(buffer)) {
                    duplex.output()
                            .write(new String(buffer, 0, n, ISO_8859_1)
                                    .toUpperCase()
                                    .getBytes(ISO_8859_1));
                }
            }
        };
        try (var server = TestServer.clearText(upgrade);
                var socket = server.socket()) {
            send(socket, "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\nearly ");
            send(socket, "late GET / HTTP/1.1\r\n\r\n");
            var expected = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: shout\r\n"
                    + "X-Answer: 1\r\n\r\nEARLY LATE GET / HTTP/1.1\r\n\r\n";
            assertThat(new String(socket.getInputStream().readNBytes(expected.length()), ISO_8859_1))
                    .isEqualTo(expected);
        }
    }

    @Test
    void closesWhenAnUpgradeIsRefused() throws IOException {
        try (var server = TestServer.clearText(e -> e.respond(Response.text(403, "no")))) {
            assertThat(exchange(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nmore"))
                    .contains("Connection: close")
                    .endsWith("no");
        }
    }

    private static final HttpServer.Limits SHORT = new HttpServer.Limits(
            Duration.ofSeconds(10), Duration.ofMillis(80), Duration.ofSeconds(10), Duration.ofSeconds(10));

    private static final Handler IMPATIENT = exchange -> {
        try {
            exchange.respond(Response.of(200, "x/y", exchange.request().body()));
        } catch (BodyIncompleteException late) {
            exchange.respond(Response.text(504, "too slow"));
        }
    };

    @Test
    void losesPatienceWithAClientThatSendsItsRequestByteByByte() throws Exception {
        var limits = new HttpServer.Limits(
                Duration.ofSeconds(10), Duration.ofMillis(80), Duration.ofMillis(80), Duration.ofSeconds(10));
        var called = new CountDownLatch(1);
        try (var server = TestServer.clearText(e -> called.countDown(), config -> config.within(limits));
                var slow = server.socket();
                var idle = server.socket()) {
            send(slow, "GET / HTTP/1.1\r\nHo");
            assertThat(all(slow)).isEmpty();
            assertThat(all(idle)).isEmpty();
            assertThat(called.await(0, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void answersAClientThatDoesNotSendTheRestOfItsBody() throws Exception {
        try (var server = TestServer.clearText(IMPATIENT, config -> config.within(SHORT));
                var slow = server.socket()) {
            send(slow, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
            assertThat(all(slow)).startsWith("HTTP/1.1 504").endsWith("too slow");
        }
    }

    @Test
    void answersAStreamThatDoesNotEnd() throws Exception {
        try (var server = TestServer.tls(IMPATIENT, config -> config.within(SHORT));
                var client = server.client(HttpClient.Version.HTTP_2)) {
            var never = BodyPublishers.fromPublisher(
                    subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
                        @Override
                        public void request(long count) {}

                        @Override
                        public void cancel() {}
                    }),
                    10);
            var request = HttpRequest.newBuilder(URI.create(server.url("/")))
                    .POST(never)
                    .build();
            var answer = client.send(request, BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(504);
        }
    }
}
