package dev.kapal.apiserver.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.base.metric.Metrics;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MaxInFlightTest {
    private final MaxInFlight limit = new MaxInFlight(400, 200, new Metrics());
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger refused = new AtomicInteger();

    @BeforeEach
    void fillTheWriters() throws InterruptedException {
        var inside = new CountDownLatch(200);
        for (int i = 0; i < 200; i++) {
            send("create", User.of("bob"), inside);
        }
        inside.await();
    }

    @AfterEach
    void letThemGo() {
        end.countDown();
    }

    private static Call call(String verb, User user) {
        var info = new RequestInfo(true, "", verb, "api", "", "v1", "default", "pods", "", "", List.of());
        return new Call(info, user, null);
    }

    private Thread send(String verb, User user, CountDownLatch inside) {
        return Thread.startVirtualThread(() -> {
            try {
                limit.apply(call(verb, user), call -> {
                    inside.countDown();
                    end.await();
                });
            } catch (ApiException tooMany) {
                assertThat(tooMany.status().code()).isEqualTo(429);
                assertThat(tooMany.status().details().orElseThrow().retryAfterSeconds())
                        .isEqualTo(1);
                refused.incrementAndGet();
            } catch (Exception defect) {
                throw new IllegalStateException(defect);
            }
        });
    }

    @Test
    void refusesTheWriterThatIsTooMany() throws InterruptedException {
        send("create", User.of("bob"), new CountDownLatch(1)).join();
        assertThat(refused.get()).isEqualTo(1);
    }

    @Test
    void hasNoLimitThatIsZero() throws Exception {
        var unlimited = new MaxInFlight(0, 0, new Metrics());
        var inside = new CountDownLatch(1);
        unlimited.apply(call("create", User.of("bob")), call -> inside.countDown());
        inside.await();
    }

    @Test
    void letsReadersWatchersAndAdministratorsIn() throws InterruptedException {
        var inside = new CountDownLatch(3);
        send("get", User.of("bob"), inside);
        send("watch", User.of("bob"), inside);
        send("create", User.of("root", User.MASTERS), inside);
        inside.await();
        assertThat(refused.get()).isZero();
    }
}
