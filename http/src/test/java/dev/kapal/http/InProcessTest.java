package dev.kapal.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InProcessTest {
    private static final Peer.Local ME = new Peer.Local("me", List.of("mine"));

    @Test
    void answersWithTheWholeBody() throws Exception {
        try (var calls = new InProcess(e -> e.respond(
                        Response.text(201, e.request().path() + e.request().peer())));
                var answer = calls.call(Request.get("/a?b=c", ME))) {
            assertThat(answer.status()).isEqualTo(201);
            assertThat(new String(answer.body().readAllBytes(), UTF_8)).isEqualTo("/a" + ME);
        }
    }

    @Test
    void streamsAndTellsTheHandlerThatTheReaderHasGone() throws Exception {
        var gone = new CountDownLatch(1);
        var refused = new CountDownLatch(1);
        Handler watch = e -> {
            e.onDisconnect(gone::countDown);
            try (var body = e.stream(200, Headers.NONE)) {
                body.write("one\n".getBytes(UTF_8));
                body.flush();
                gone.await();
                body.write("two\n".getBytes(UTF_8));
            } catch (IOException expected) {
                refused.countDown();
            }
        };
        try (var calls = new InProcess(watch)) {
            var answer = calls.call(Request.get("/", ME));
            assertThat(answer.body().readNBytes(4)).isEqualTo("one\n".getBytes(UTF_8));
            answer.close();
            assertThat(refused.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void failsWhenTheHandlerFails() {
        try (var calls = new InProcess(e -> {
            throw new IllegalStateException("wanted");
        })) {
            assertThatThrownBy(() -> calls.call(Request.get("/", ME))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void breaksOffTheBodyWhenTheHandlerFailsLater() throws Exception {
        try (var calls = new InProcess(e -> {
                    e.stream(200, Headers.NONE).write("half".getBytes(UTF_8));
                    throw new IllegalStateException("wanted");
                });
                var answer = calls.call(Request.get("/", ME))) {
            assertThatThrownBy(() -> answer.body().readAllBytes()).isInstanceOf(IOException.class);
        }
    }
}
