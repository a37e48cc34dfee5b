package dev.kapal.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.base.metric.Metrics;
import dev.kapal.store.MemoryStore;
import dev.kapal.store.Store;
import dev.kapal.store.Store.Expect;
import dev.kapal.testkit.FakeTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchCachesTest {
    private static final String MAPS = "core/configmaps";

    private final FakeTime time = new FakeTime();
    private final Store store = MemoryStore.open();
    private final List<WatchCaches> started = new ArrayList<>();

    @AfterEach
    void close() {
        started.forEach(WatchCaches::close);
        store.close();
    }

    @Test
    void showsWhatTheStoreHeldBeforeTheStart() throws InterruptedException {
        put("a", 1);
        var caches = start();

        var object = caches.cache(MAPS).find("default/a").orElseThrow();

        assertThat(object.namespace()).isEqualTo("default");
        assertThat(object.name()).isEqualTo("a");
        assertThat(text(object)).contains("\"resourceVersion\":\"" + store.revision() + "\"");
    }

    @Test
    void isAsFreshInAnIdleResourceAsInABusyOne() throws InterruptedException {
        var caches = start();
        put("a", 1);
        store.put("elsewhere", new byte[1], Expect.ANY);

        assertThat(caches.awaitNewest()).isTrue();
        assertThat(caches.cache("core/secrets").snapshot().revision()).isEqualTo(store.revision());
    }

    @Test
    void givesUpOnARevisionThatDoesNotCome() throws InterruptedException {
        assertThat(start().awaitFresh(1_000_000)).isFalse();
    }

    @Test
    void keepsPastStates() throws InterruptedException {
        var caches = start();
        put("a", 1);
        long then = store.revision();
        put("a", 2);
        store.delete("/registry/" + MAPS + "/default/a", Expect.ANY);
        caches.awaitNewest();

        var past = caches.cache(MAPS).snapshotAt(then).orElseThrow();

        assertThat(text(past.objects().find("default/a").orElseThrow())).contains("\"n\":1");
        assertThat(caches.cache(MAPS).find("default/a")).isEmpty();
    }

    @Test
    void tellsEveryWatcherEveryEventOnce() throws InterruptedException {
        var caches = start();
        put("a", 0);
        caches.awaitNewest();
        var cache = caches.cache(MAPS);
        try (var fromNow = cache.follow();
                var fromThen = cache.follow(store.revision()).orElseThrow()) {
            for (int i = 1; i <= 500; i++) {
                put("a", i);
            }
            caches.awaitNewest();
            var expected = IntStream.rangeClosed(1, 500).boxed().toList();
            assertThat(numbers(fromNow)).isEqualTo(expected);
            assertThat(numbers(fromThen)).isEqualTo(expected);
        }
    }

    @Test
    void leavesASlowWatcherBehindAndLetsOthersGoOn() throws InterruptedException {
        var caches = start();
        put("a", 0);
        caches.awaitNewest();
        var cache = caches.cache(MAPS);
        try (var slow = cache.follow();
                var quick = cache.follow()) {
            for (int i = 1; i <= 1_000; i++) {
                time.advance(Duration.ofMinutes(2)); // the history holds few events that are not young
                put("a", i);
                caches.awaitNewest();
                assertThat(numbers(quick)).containsExactly(i);
            }
            assertThatThrownBy(slow::poll).isInstanceOf(Cursor.FellBehindException.class);
            assertThat(cache.follow(1)).isEmpty();
        }
    }

    private WatchCaches start() {
        var caches = WatchCaches.start(store, time, new Metrics());
        started.add(caches);
        return caches;
    }

    private void put(String name, int n) throws InterruptedException {
        var json = "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name
                + "\"},\"data\":{\"n\":" + n + "}}";
        store.put("/registry/" + MAPS + "/default/" + name, json.getBytes(StandardCharsets.UTF_8), Expect.ANY);
    }

    private static List<Integer> numbers(Cursor cursor) {
        var numbers = new ArrayList<Integer>();
        for (var event = cursor.poll(); event.isPresent(); event = cursor.poll()) {
            numbers.add(event.get().object().document().path("data").path("n").asInt());
        }
        return numbers;
    }

    private static String text(CachedObject object) {
        return new String(object.json(), StandardCharsets.UTF_8);
    }
}
