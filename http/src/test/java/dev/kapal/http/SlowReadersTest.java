package dev.kapal.http;

import static dev.kapal.http.Http2Socket.END_HEADERS;
import static dev.kapal.http.Http2Socket.END_STREAM;
import static dev.kapal.http.Http2Socket.GET;
import static dev.kapal.http.Http2Socket.HEADERS;
import static dev.kapal.http.Http2Socket.RESET;
import static dev.kapal.http.Http2Socket.SETTINGS;
import static dev.kapal.http.Http2Socket.frame;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that ask and do not take the answer: what is kept for them has a bound, and so has the time.
@Timeout(60)
class SlowReadersTest {
    private static final Duration STALLED = Duration.ofMillis(100);
    /// More than the kernel keeps for a connection.
    private static final int HUGE = 64 << 20;

    private static final byte[] NO_WINDOW =
            frame(SETTINGS, 0, 0, (byte) 0, (byte) 4, (byte) 0, (byte) 0, (byte) 0, (byte) 0);

    private static HttpServer.Config impatient(HttpServer.Config config) {
        var usual = HttpServer.Limits.USUAL;
        return config.within(new HttpServer.Limits(usual.handshake(), usual.request(), usual.idle(), STALLED));
    }

    private static void ask(Socket socket, String path) throws IOException {
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(ISO_8859_1));
    }

    private static int readable(Socket socket) throws IOException {
        int count = 0;
        var buffer = new byte[64 * 1024];
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                count += n;
            }
        } catch (SocketException reset) {
            return count;
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 60_000, 1_000_000})
    void anHttp2StreamWithoutWindowIsReset(int length) throws Exception {
        try (var server = TestServer.tls(
                        e -> e.respond(Response.of(200, "x/y", new byte[length])), SlowReadersTest::impatient);
                var socket = new Http2Socket(server.port())) {
            socket.send(NO_WINDOW);
            socket.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, GET));
            assertThat(socket.next(RESET).orElseThrow().stream()).isEqualTo(1);
            socket.send(frame(HEADERS, END_HEADERS | END_STREAM, 3, GET));
            assertThat(socket.next(HEADERS).orElseThrow().stream()).isEqualTo(3); // the connection is of use
        }
    }

    @Test
    void anHttp1ConnectionThatTakesNothingIsClosed() throws Exception {
        var failure = new CompletableFuture<IOException>();
        Handler handler = exchange -> {
            try {
                exchange.respond(Response.of(200, "x/y", new byte[HUGE]));
            } catch (IOException stalled) {
                failure.complete(stalled);
                throw stalled;
            }
        };
        try (var server = TestServer.clearText(handler, SlowReadersTest::impatient);
                var socket = server.socket()) {
            ask(socket, "/");
            assertThat(failure.get()).hasMessageContaining("does not read");
            assertThat(readable(socket)).isLessThan(HUGE);
        }
    }

    @Test
    void requestsThatAreSentAheadWaitUntilTheAnswersBeforeAreTaken() throws Exception {
        var handled = new AtomicInteger();
        Handler handler = exchange -> {
            handled.incrementAndGet();
            exchange.respond(Response.of(200, "x/y", new byte[60_000]));
        };
        try (var server = TestServer.clearText(handler, SlowReadersTest::impatient);
                var socket = server.socket()) {
            assertThatThrownBy(() -> {
                        while (true) {
                            ask(socket, "/");
                        }
                    })
                    .isInstanceOf(SocketException.class);
            assertThat(handled.get()).isLessThan(HUGE / 60_000);
        }
    }

    @Test
    void answersOfAnyLengthReachAClientThatReads() throws Exception {
        var parts = List.of(new byte[3], new byte[700_000], new byte[0], new byte[262_144], new byte[1]);
        try (var server = TestServer.clearText(exchange -> {
                    var request = exchange.request();
                    exchange.respond(
                            new Response(200, Headers.NONE, request.path().equals("/last") ? List.of() : parts));
                });
                var socket = server.socket()) {
            ask(socket, "/");
            ask(socket, "/");
            socket.getOutputStream().write("GET /last HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1));
            var all = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(all.split("Content-Length: 962148\r\n", -1)).hasSize(3);
            assertThat(all.length()).isGreaterThan(2 * 962_148);
        }
    }

    @Test
    void aStreamWaitsForItsReaderUnlessItHasNoPatience() throws Exception {
        var cutOff = new CompletableFuture<IOException>();
        Handler handler = exchange -> {
            boolean impatient = exchange.request().path().equals("/watch");
            try (var body = exchange.stream(200, Headers.NONE)) {
                if (impatient) {
                    body.patience(STALLED);
                }
                for (int i = 0; i < HUGE / 65_536; i++) {
                    body.write(new byte[65_536]);
                }
            } catch (IOException slow) {
                if (impatient) {
                    cutOff.complete(slow);
                }
                throw slow;
            }
        };
        try (var server = TestServer.clearText(handler, SlowReadersTest::impatient);
                var log = server.socket();
                var watch = server.socket()) {
            ask(log, "/log");
            assertThat(log.getInputStream().read()).isEqualTo('H');
            ask(watch, "/watch");
            assertThat(cutOff.get()).hasMessageContaining("does not read");
            assertThat(readable(watch)).isLessThan(HUGE);
            assertThat(log.getInputStream().skip(HUGE)).isEqualTo(HUGE);
        }
    }

    @Test
    void anHttp2WatchWithoutWindowIsCutOff() throws Exception {
        Handler handler = exchange -> {
            try (var body = exchange.stream(200, Headers.NONE)) {
                body.patience(STALLED);
                while (true) {
                    body.write(new byte[65_536]);
                }
            }
        };
        try (var server = TestServer.tls(handler);
                var socket = new Http2Socket(server.port())) {
            socket.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, GET));
            assertThat(socket.next(RESET).orElseThrow().stream()).isEqualTo(1);
        }
    }
}
