package dev.kapal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.base.metric.Metrics;
import dev.kapal.testkit.FakeTime;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReflectorTest {
    private final ScriptedServer server = new ScriptedServer();
    private final FakeTime time = new FakeTime();
    private final KubernetesClient client = Clients.inProcess(server, "tester", List.of("system:masters"));
    private final Informers informers = new Informers(client, time, new Metrics());
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        informers.close();
        client.close();
    }

    @Test
    void fillsTheCacheFromAListAndThenFollowsTheWatch() throws InterruptedException {
        var cache = watching();
        server.next().answer(200, list(5, map("a", 3), map("b", 4)));
        cache.awaitSync();

        var watch = server.next();
        assertThat(watch.target()).contains("watch=true").contains("resourceVersion=5&");
        watch.frame(event("MODIFIED", map("a", 6)));
        watch.frame(event("DELETED", map("b", 7)));
        watch.frame(event("ADDED", map("c", 8)));
        watch.frame(
                "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"ConfigMap\",\"metadata\":{\"resourceVersion\":\"11\"}}}");
        watch.end();

        assertThat(server.next().target()).contains("resourceVersion=11&");
        assertThat(cache.revision()).isEqualTo(11);
        assertThat(names(cache.all())).containsExactlyInAnyOrder("a", "c");
        assertThat(seen.stream().sorted(ReflectorTest::additionsFirst).toList().subList(0, 2))
                .containsExactlyInAnyOrder("Added a 3", "Added b 4");
        assertThat(seen).endsWith("Updated a 6", "Deleted b 4", "Added c 8");
    }

    @Test
    void listsAgainWhenTheWatchIsTooOldAndTellsOnlyTheDifference() throws InterruptedException {
        var cache = watching();
        var first = server.next();
        assertThat(first.target()).isEqualTo("/api/v1/configmaps?resourceVersion=0");
        first.answer(200, list(5, map("a", 3), map("b", 4)));
        cache.awaitSync();
        server.next()
                .frame("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}}");

        var again = server.next();
        assertThat(again.target()).isEqualTo("/api/v1/configmaps");
        seen.clear();
        again.answer(200, list(9, map("b", 4), map("c", 8)));
        server.next();

        assertThat(seen).containsExactlyInAnyOrder("Updated b 4", "Added c 8", "Deleted a 3");
        assertThat(cache.revision()).isEqualTo(9);
    }

    @Test
    void comesBackAfterAWhileWhenTheServerIsAway() throws InterruptedException {
        var cache = watching();
        server.next().answer(500, "{\"kind\":\"Status\",\"code\":500,\"message\":\"no\"}");
        time.awaitSleepers(1);
        time.advance(Duration.ofSeconds(1));

        server.next().answer(200, list(1));
        cache.awaitSync();
        assertThat(cache.all()).isEmpty();
    }

    @Test
    void startsOverWhenAWatchFallsSilent() throws InterruptedException {
        var cache = watching();
        server.next().answer(200, list(5));
        cache.awaitSync();
        server.next();

        var clock = Thread.ofVirtual().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                time.advance(Duration.ofSeconds(10));
                Thread.yield();
            }
        });
        assertThat(server.next().target()).contains("watch=true").contains("resourceVersion=5&");
        clock.interrupt();
        clock.join();
    }

    @Test
    void findsByIndexAlsoWhenTheIndexComesLate() throws InterruptedException {
        var cache = watching();
        server.next().answer(200, list(5, map("a", 3), map("b", 4)));
        cache.awaitSync();

        cache.index("first letter", map -> List.of(map.getMetadata().getName().substring(0, 1)));

        assertThat(names(cache.byIndex("first letter", "a"))).containsExactly("a");
        assertThat(names(cache.list("default"))).containsExactlyInAnyOrder("a", "b");
        assertThat(cache.byIndex("first letter", "z")).isEmpty();
    }

    @Test
    void sharesOneWatchPerKind() throws InterruptedException {
        assertThat(informers.of(ConfigMap.class)).isSameAs(informers.of(ConfigMap.class));
        assertThat(informers.withFields(ConfigMap.class, "metadata.name=a")).isNotSameAs(informers.of(ConfigMap.class));
    }

    @Test
    void tellsARefusalWithTheServersStatus() throws Exception {
        var answer = Thread.ofVirtual().start(() -> {
            try {
                server.next()
                        .answer(
                                409,
                                "{\"kind\":\"Status\",\"code\":409,\"reason\":\"AlreadyExists\",\"message\":\"x\"}");
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        var map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("a")
                .endMetadata()
                .build();

        assertThatThrownBy(() -> new Api(client).create(map))
                .isInstanceOfSatisfying(KubernetesClientException.class, refusal -> {
                    assertThat(refusal.getCode()).isEqualTo(409);
                    assertThat(refusal.getStatus().getReason()).isEqualTo("AlreadyExists");
                });
        answer.join();
    }

    @Test
    void servesFabric8sOwnWatchesWithoutWebSocket() throws Exception {
        try (var watch = client.configMaps().inNamespace("default").watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap map) {
                seen.add(action + " " + map.getMetadata().getName());
            }

            @Override
            public void onClose(WatcherException cause) {}
        })) {
            var call = server.next();
            assertThat(call.exchange().request().header("Upgrade")).isEmpty();
            call.frame(event("ADDED", map("a", 6)));
            assertThat(seen.take()).isEqualTo("ADDED a");
            assertThat(watch).isNotNull();
        }
    }

    private Cache<ConfigMap> watching() {
        var cache = informers.of(ConfigMap.class);
        cache.onChange(change -> seen.add(change.getClass().getSimpleName() + " "
                + change.latest().getMetadata().getName() + " "
                + change.latest().getMetadata().getResourceVersion()));
        return cache;
    }

    private static int additionsFirst(String one, String other) {
        return Boolean.compare(other.startsWith("Added"), one.startsWith("Added"));
    }

    private static List<String> names(List<ConfigMap> maps) {
        return maps.stream().map(map -> map.getMetadata().getName()).toList();
    }

    private static String map(String name, int revision) {
        return """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"namespace":"default","name":"%s","resourceVersion":"%d","managedFields":[{}]},"data":{}}\
                """.formatted(name, revision);
    }

    private static String event(String type, String object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}";
    }

    private static String list(int revision, String... items) {
        return "{\"kind\":\"ConfigMapList\",\"metadata\":{\"resourceVersion\":\"" + revision + "\"},\"items\":["
                + String.join(",", Stream.of(items).toList()) + "]}";
    }
}
