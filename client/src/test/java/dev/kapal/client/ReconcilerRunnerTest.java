package dev.kapal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.metric.Metrics;
import dev.kapal.testkit.FakeTime;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReconcilerRunnerTest {
    private final FakeTime time = new FakeTime();
    private final ObjectCache<ConfigMap> cache = new ObjectCache<>("maps", Key::of);
    private final BlockingQueue<Key> reconciled = new LinkedBlockingQueue<>();

    @Test
    void waitsForTheCachesAndThenReconcilesWhatIsThereAndWhatComes() throws InterruptedException {
        try (var runner = run(key -> Outcome.settled())) {
            runner.wake(new Key("default", "early"));
            assertThat(reconciled).isEmpty();
            cache.replace(List.of(map("a")), 1);
            assertThat(List.of(reconciled.take(), reconciled.take()))
                    .extracting(Key::name)
                    .containsExactlyInAnyOrder("early", "a");

            cache.upsert(map("b"), 2);
            assertThat(reconciled.take().name()).isEqualTo("b");
        }
    }

    @Test
    void comesBackWhenAsked() throws InterruptedException {
        cache.replace(List.of(map("a")), 1);
        try (var runner = run(key -> Outcome.again(Duration.ofMinutes(1), "test"))) {
            assertThat(reconciled.take().name()).isEqualTo("a");
            time.awaitSleepers(1);
            time.advance(Duration.ofMinutes(1));
            assertThat(reconciled.take().name()).isEqualTo("a");
            assertThat(runner).isNotNull();
        }
    }

    @Test
    void backsOffAfterAFailure() throws InterruptedException {
        cache.replace(List.of(map("a")), 1);
        try (var runner = run(key -> {
            throw new IllegalStateException("no");
        })) {
            for (int delay = 5; delay <= 40; delay *= 2) {
                assertThat(reconciled.take().name()).isEqualTo("a");
                time.awaitSleepers(1);
                time.advance(Duration.ofMillis(delay));
            }
            assertThat(runner).isNotNull();
        }
    }

    private ReconcilerRunner run(Function<Key, Outcome> work) {
        var reconciler = new Reconciler() {
            @Override
            public List<Wake> wakes() {
                return List.of(Wake.own(cache));
            }

            @Override
            public Outcome reconcile(Key key) {
                reconciled.add(key);
                return work.apply(key);
            }
        };
        return ReconcilerRunner.start("test", reconciler, 2, time, new Metrics());
    }

    private static ConfigMap map(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .withResourceVersion("1")
                .endMetadata()
                .build();
    }
}
