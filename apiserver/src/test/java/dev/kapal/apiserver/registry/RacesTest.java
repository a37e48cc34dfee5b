package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.life.Life;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RacesTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String SERVICES = "/api/v1/namespaces/default/services";
    private static final int CROWD = 16;

    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void letsOneOfManyConditionalUpdatesWin() throws InterruptedException {
        var created = api.post(MAPS, "{metadata: {name: a}, data: {n: x}}").is(201);
        var won = new AtomicInteger();
        together(i -> {
            var mine = created.json();
            mine.withObject("/data").put("n", "writer " + i);
            int status = api.put(MAPS + "/a", mine).status();
            assertThat(status).isIn(200, 409);
            if (status == 200) {
                won.incrementAndGet();
            }
        });
        assertThat(won.get()).isEqualTo(1);
    }

    @Test
    void losesNoPatch() throws InterruptedException {
        api.post(MAPS, "{metadata: {name: a}}").is(201);

        together(i -> {
            for (int n = 0; n < 10; n++) {
                api.patch(MAPS + "/a", "merge-patch", "{\"data\":{\"k" + i + "-" + n + "\":\"v\"}}")
                        .is(200);
            }
        });

        assertThat(api.get(MAPS + "/a").json().path("data").size()).isEqualTo(CROWD * 10);
    }

    @Test
    void createsANameOnce() throws InterruptedException {
        var won = new AtomicInteger();
        together(i -> {
            int status = api.post(MAPS, "{metadata: {name: same}}").status();
            assertThat(status).isIn(201, 409);
            if (status == 201) {
                won.incrementAndGet();
            }
        });
        assertThat(won.get()).isEqualTo(1);
    }

    @Test
    void givesAnAddressOnce() throws InterruptedException {
        var won = new AtomicInteger();
        together(i -> {
            var spec = "{type: NodePort, clusterIP: 10.96.0.10, ports: [{port: 80, nodePort: 30080}]}";
            int status = api.post(SERVICES, "{metadata: {name: s" + i + "}, spec: " + spec + "}")
                    .status();
            assertThat(status).isIn(201, 422);
            if (status == 201) {
                won.incrementAndGet();
            }
        });
        assertThat(won.get()).isEqualTo(1);
    }

    @Test
    void readsItsOwnWrites() throws InterruptedException {
        together(i -> {
            for (int n = 0; n < 20; n++) {
                var name = "m" + i + "-" + n;
                api.post(MAPS, "{metadata: {name: " + name + "}}").is(201);
                api.get(MAPS + "/" + name).is(200);
                api.delete(MAPS + "/" + name).is(200);
                api.get(MAPS + "/" + name).is(404);
            }
        });
    }

    private static void together(IntConsumer work) throws InterruptedException {
        var failures = new AtomicInteger();
        var done = new CountDownLatch(CROWD);
        try (var life = new Life("crowd")) {
            for (int i = 0; i < CROWD; i++) {
                int number = i;
                life.spawn("worker-" + i, () -> {
                    try {
                        work.accept(number);
                    } catch (Throwable failure) {
                        failures.incrementAndGet();
                        throw failure;
                    } finally {
                        done.countDown();
                    }
                });
            }
            done.await();
        }
        assertThat(failures.get()).isZero();
    }
}
