package dev.kapal.apiserver.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import dev.kapal.http.Handler;
import dev.kapal.http.Headers;
import dev.kapal.http.InProcess;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import dev.kapal.http.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Life life = new Life("test");
    private final Deadlines deadlines = new Deadlines(Duration.ofSeconds(60), Time.system(), life);
    private final AtomicBoolean interrupted = new AtomicBoolean();

    @AfterEach
    void stop() {
        life.close();
    }

    private record Answer(int status, String text) {}

    private Answer send(String target, Filter.Next behind) throws Exception {
        Handler handler = exchange -> {
            var info = RequestInfo.of(exchange.request());
            var call = new Call(info, User.of("bob"), new ObservedExchange(exchange, Instant.EPOCH));
            new Refusing().apply(call, inner -> {
                try {
                    deadlines.apply(inner, behind);
                } finally {
                    // before anything is answered: then the client may go, which interrupts, too
                    interrupted.set(Thread.currentThread().isInterrupted());
                }
            });
        };
        try (var server = new InProcess(handler)) {
            var request = Request.local("GET", target, Headers.NONE, new byte[0], new Peer.Local("bob", List.of()));
            try (var answer = server.call(request)) {
                return new Answer(answer.status(), new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void breaksOffARequestThatTakesLongerThanItsClientWaits() throws Exception {
        var answer = send("/api/v1/namespaces/default/pods?timeout=20ms", call -> new CountDownLatch(1).await());
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.text())
                .isEqualTo("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                        + "\"message\":\"Timeout: request did not complete within the allotted timeout\","
                        + "\"reason\":\"Timeout\",\"details\":{},\"code\":504}");
        assertThat(interrupted).isFalse();
    }

    @Test
    void leavesAloneWhatIsDoneInTime() throws Exception {
        assertThat(send("/api/v1/pods?timeout=30s", call -> call.exchange().respond(Response.text(200, "ok"))))
                .isEqualTo(new Answer(200, "ok"));
    }

    @Test
    void refusesATimeoutThatIsNone() throws Exception {
        var answer = send("/api/v1/pods?timeout=soon", call -> call.exchange().respond(Response.text(200, "ok")));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
                .contains("invalid timeout specified in the request URL - time: invalid duration \\\"soon\\\"");
    }

    @Test
    void answersADefectAndGoesOn() throws Exception {
        var answer = send("/api/v1/pods", call -> {
            throw new IllegalStateException("a defect");
        });
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text())
                .contains("This request caused apiserver to panic. Look in the logs for details.")
                .doesNotContain("a defect");
        assertThat(send("/api/v1/pods", call -> call.exchange().respond(Response.text(200, "ok"))))
                .isEqualTo(new Answer(200, "ok"));
    }
}
