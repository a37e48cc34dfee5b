package dev.kapal.http;

import static dev.kapal.http.Http2Socket.DATA;
import static dev.kapal.http.Http2Socket.END_HEADERS;
import static dev.kapal.http.Http2Socket.END_STREAM;
import static dev.kapal.http.Http2Socket.GET;
import static dev.kapal.http.Http2Socket.HEADERS;
import static dev.kapal.http.Http2Socket.RESET;
import static dev.kapal.http.Http2Socket.frame;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.SparseLog;
import dev.kapal.base.time.Time;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A handler decides by the head whether it wants the body: nothing is kept for whom it sends away.
@Timeout(60)
class RequestBodiesTest {
    private static final Handler REFUSES = exchange -> exchange.respond(Response.text(403, "no"));

    private static final byte[] POST = post();

    private static byte[] post() {
        byte[] post = GET.clone();
        post[0] = (byte) 0x83;
        return post;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    @Test
    void whoIsSentAwayNeedNotSendHisBody() throws IOException {
        try (var server = TestServer.clearText(REFUSES);
                var socket = server.socket()) {
            send(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\nonly the beginning");
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .startsWith("HTTP/1.1 403")
                    .endsWith("no");
        }
    }

    @Test
    void whoIsSentAwayIsNotInvitedToSendHisBody() throws IOException {
        try (var server = TestServer.clearText(REFUSES);
                var socket = server.socket()) {
            send(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\nExpect: 100-continue\r\n\r\n");
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .startsWith("HTTP/1.1 403")
                    .doesNotContain("100 Continue");
        }
    }

    @Test
    void anHttp2StreamThatIsSentAwayIsTakenBack() throws IOException {
        try (var server = TestServer.tls(REFUSES);
                var socket = new Http2Socket(server.port())) {
            socket.send(frame(HEADERS, END_HEADERS, 1, POST));
            socket.send(frame(DATA, 0, 1, new byte[1000]));
            assertThat(socket.next(HEADERS).orElseThrow().stream()).isEqualTo(1);
            assertThat(socket.next(RESET).orElseThrow().error()).isZero(); // NO_ERROR: the answer is whole
        }
    }

    @Test
    void aHandlerRunsWhileTheBodyIsOnItsWay() throws Exception {
        var runs = new CompletableFuture<Void>();
        Handler handler = exchange -> {
            runs.complete(null);
            exchange.respond(Response.of(200, "x/y", exchange.request().body()));
        };
        try (var server = TestServer.tls(handler);
                var socket = new Http2Socket(server.port())) {
            socket.send(frame(HEADERS, END_HEADERS, 1, POST));
            socket.send(frame(DATA, 0, 1, (byte) 1));
            runs.get();
            socket.send(frame(DATA, END_STREAM, 1, (byte) 2));
            assertThat(socket.next(DATA).orElseThrow().payload()).containsExactly(1, 2);
        }
    }

    @Test
    void aBodyForWhichThereIsNoRoomIsRefused() {
        try (var life = new Life("test")) {
            var budget = new BodyBudget(10);
            var config = HttpServer.Config.clearText("test", TestServer.anyPort());
            var time = Time.system();
            var peers = new SparseLog(RequestBodiesTest.class, time);
            var dispatch = new Dispatch(config, REFUSES, life, new InFlight(), new InFlight(), budget, peers, time);
            var first = body(dispatch, 8);
            assertThat(first.bytes()).hasSize(8);
            var second = body(dispatch, 8);
            assertThatThrownBy(second::bytes).isInstanceOf(BodiesTooManyException.class);
            first.close();
            assertThat(body(dispatch, 8).bytes()).hasSize(8);
        }
    }

    private static IncomingContent body(Dispatch dispatch, int length) {
        var incoming = new Incoming(dispatch, new EmbeddedChannel(), -1);
        var content = incoming.begin(() -> {});
        incoming.add(Unpooled.wrappedBuffer(new byte[length]));
        incoming.end();
        return content;
    }
}
