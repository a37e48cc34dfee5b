package dev.kapal.http;

import static dev.kapal.http.Http2Socket.CONTINUATION;
import static dev.kapal.http.Http2Socket.DATA;
import static dev.kapal.http.Http2Socket.END_HEADERS;
import static dev.kapal.http.Http2Socket.END_STREAM;
import static dev.kapal.http.Http2Socket.GET;
import static dev.kapal.http.Http2Socket.GOAWAY;
import static dev.kapal.http.Http2Socket.HEADERS;
import static dev.kapal.http.Http2Socket.PING;
import static dev.kapal.http.Http2Socket.RESET;
import static dev.kapal.http.Http2Socket.SETTINGS;
import static dev.kapal.http.Http2Socket.frame;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that want to wear the server down: each is cut off or costs next to nothing, and others are served.
@Timeout(60)
class FloodTest {
    private static final int ENHANCE_YOUR_CALM = 11;

    private final AtomicInteger running = new AtomicInteger();

    /// Answers when the client has gone.
    private void endless(Exchange exchange) throws Exception {
        if (exchange.request().path().equals("/ok")) {
            exchange.respond(Response.text(200, "ok"));
            return;
        }
        running.incrementAndGet();
        var here = Thread.currentThread();
        exchange.onDisconnect(here::interrupt);
        try (var body = exchange.stream(200, Headers.NONE)) {
            body.flush();
            Thread.sleep(Long.MAX_VALUE);
        } finally {
            running.decrementAndGet();
        }
    }

    private static void assertServes(TestServer server, Version version) throws Exception {
        try (var client = server.client(version)) {
            var request = HttpRequest.newBuilder(URI.create(server.url("/ok"))).build();
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("ok");
        }
    }

    @Test
    void requestsThatAreTakenBackAtOnceLeaveNothingRunning() throws Exception {
        try (var server = TestServer.tls(this::endless);
                var socket = new Http2Socket(server.port())) {
            var storm = new ByteArrayOutputStream();
            for (int i = 0; i < 2_500; i++) {
                storm.writeBytes(frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, GET));
                storm.writeBytes(frame(RESET, 0, 2 * i + 1, (byte) 0, (byte) 0, (byte) 0, (byte) 8));
            }
            socket.send(storm.toByteArray());

            assertThat(socket.next(GOAWAY).orElseThrow().error()).isEqualTo(ENHANCE_YOUR_CALM);
            assertServes(server, Version.HTTP_2);
            while (running.get() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void settingsAndPingsWithoutEndAreCutOff() throws Exception {
        try (var server = TestServer.tls(this::endless)) {
            for (var frame : new byte[][] {frame(SETTINGS, 0, 0), frame(PING, 0, 0, new byte[8])}) {
                var many = new ByteArrayOutputStream();
                for (int i = 0; i < 10_000; i++) {
                    many.writeBytes(frame);
                }
                try (var socket = new Http2Socket(server.port())) {
                    socket.flood(many.toByteArray());
                }
                assertServes(server, Version.HTTP_2);
            }
        }
    }

    @Test
    void headersWithoutEndAreCutOff() throws Exception {
        try (var server = TestServer.tls(this::endless);
                var socket = new Http2Socket(server.port())) {
            // a literal field without indexing, 8 KiB long
            var field = new byte[8 * 1024];
            field[1] = 1;
            field[2] = 'a';
            int length = field.length - 6;
            field[3] = 127;
            field[4] = (byte) (length - 127 & 0x7f | 0x80);
            field[5] = (byte) (length - 127 >>> 7);
            socket.send(frame(HEADERS, 0, 1, GET));
            socket.flood(frame(CONTINUATION, 0, 1, field));
            assertServes(server, Version.HTTP_2);
        }
    }

    @Test
    void framesOfNothingAreCutOff() throws Exception {
        try (var server = TestServer.tls(this::endless);
                var socket = new Http2Socket(server.port())) {
            byte[] post = GET.clone();
            post[0] = (byte) 0x83;
            var frames = new ByteArrayOutputStream();
            frames.writeBytes(frame(HEADERS, END_HEADERS, 1, post));
            for (int i = 0; i < 100; i++) {
                frames.writeBytes(frame(DATA, 0, 1));
            }
            socket.send(frames.toByteArray()); // at once: the server cuts it off before the last
            assertThat(socket.next(GOAWAY).orElseThrow().error()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void moreStreamsThanAllowedAreRefusedOneByOne() throws Exception {
        try (var server = TestServer.tls(this::endless);
                var socket = new Http2Socket(server.port())) {
            var streams = new ByteArrayOutputStream();
            for (int i = 0; i < 400; i++) {
                streams.writeBytes(frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, GET));
            }
            socket.send(streams.toByteArray());
            assertThat(socket.next(RESET).orElseThrow().error()).isEqualTo(7); // REFUSED_STREAM
            assertServes(server, Version.HTTP_2);
            assertThat(running.get()).isLessThanOrEqualTo(250);
        }
    }

    @Test
    void connectionsThatSayNothingDoNotKeepOthersOut() throws Exception {
        try (var server = TestServer.clearText(this::endless)) {
            var idle = new ArrayList<Socket>();
            try {
                for (int i = 0; i < 1_000; i++) {
                    idle.add(server.socket());
                    if (i % 2 == 0) {
                        idle.getLast().getOutputStream().write("GET / HT".getBytes(ISO_8859_1));
                    }
                }
                assertServes(server, Version.HTTP_1_1);
                assertThat(running.get()).isZero();
            } finally {
                for (var socket : idle) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void bodiesThatAreShorterThanTheySayReachNobody() throws Exception {
        var called = new AtomicInteger();
        Handler reads = exchange -> {
            try {
                exchange.request().body();
                called.incrementAndGet();
            } catch (BodyIncompleteException gone) {
                exchange.respond(Response.empty(400));
            }
        };
        try (var server = TestServer.clearText(reads)) {
            for (var head :
                    new String[] {"Content-Length: 100\r\n\r\nshort", "Transfer-Encoding: chunked\r\n\r\n5\r\nsho"}) {
                try (var socket = server.socket()) {
                    socket.getOutputStream().write(("POST / HTTP/1.1\r\nHost: a\r\n" + head).getBytes(ISO_8859_1));
                    socket.shutdownOutput();
                    assertThat(socket.getInputStream().readAllBytes()).isEmpty();
                }
            }
            assertThat(called.get()).isZero();
        }
    }

    @Test
    void whatFollowsAShortenedBodyIsNoRequest() throws IOException {
        try (var server = TestServer.clearText(exchange -> exchange.respond(Response.text(200, "ok")));
                var socket = server.socket()) {
            socket.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok and more\r\n\r\n"
                            .getBytes(ISO_8859_1));
            var answers = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answers).startsWith("HTTP/1.1 200 ").contains("HTTP/1.1 400 ");
        }
    }

    @Test
    void aBodyWithTwoLengthsIsRefused() throws IOException {
        try (var server = TestServer.clearText(exchange -> exchange.respond(Response.text(200, "ok")));
                var socket = server.socket()) {
            socket.getOutputStream()
                    .write(("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked"
                                    + "\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
                            .getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .startsWith("HTTP/1.1 400 ")
                    .doesNotContain("200");
        }
    }

    @Test
    void anUpgradeThatIsHalfClosedEnds() throws Exception {
        var heard = new CompletableFuture<String>();
        Handler upgrade = exchange -> {
            try (var duplex = exchange.upgrade("listen", Headers.NONE)) {
                heard.complete(new String(duplex.input().readAllBytes(), ISO_8859_1));
            }
        };
        try (var server = TestServer.clearText(upgrade);
                var socket = server.socket()) {
            socket.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: listen\r\n\r\n"
                            .getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1))
                    .isEqualTo("HTTP/1.1 101");
            socket.getOutputStream().write("last words".getBytes(ISO_8859_1));
            socket.shutdownOutput();
            assertThat(heard.get()).isEqualTo("last words");
            socket.getInputStream().readAllBytes(); // to the end, which comes
        }
    }
}
