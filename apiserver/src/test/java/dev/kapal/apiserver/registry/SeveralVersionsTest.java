package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.model.Conversion;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.store.MemoryStore;
import dev.kapal.store.Range;
import dev.kapal.store.Store;
import dev.kapal.testkit.FakeTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One resource in two versions: what is stored as `data: {key: x}` the older version shows as `data: {key: old-x}`.
class SeveralVersionsTest {
    private static final GroupVersionResource CONFIG_MAPS = new GroupVersionResource("", "v1", "configmaps");
    private static final String OLD = "/apis/old.example/v1beta1/namespaces/default/configmaps";
    private static final String NEW = "/api/v1/namespaces/default/configmaps";

    private final AtomicInteger batches = new AtomicInteger();
    private volatile boolean refuses;
    private final Conversion conversion = (documents, to) -> {
        batches.incrementAndGet();
        if (refuses) {
            throw ApiException.badRequest("no conversion today");
        }
        documents.forEach(document -> convert(document, to));
        return documents;
    };

    private final Store store = MemoryStore.open();
    private Api api;

    private void start() {
        var registry = ResourceRegistry.builtIn();
        var stored = registry.find(CONFIG_MAPS).orElseThrow().convertedBy(Optional.empty(), conversion);
        registry.add(stored);
        registry.add(old(stored));
        api = new Api(registry, store, new FakeTime()).addDefaultNamespace();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void isStoredOnceAndSeenInBothVersions() {
        start();

        var answer = api.post(OLD, "{metadata: {name: a}, data: {key: old-x}}").is(201);

        assertThat(answer.at("apiVersion")).isEqualTo("old.example/v1beta1");
        assertThat(answer.at("data.key")).isEqualTo("old-x");
        assertThat(answer.headers().first("Warning")).hasValue("299 - \"old.example/v1beta1 is on its way out\"");
        var seen = api.get(NEW + "/a").is(200);
        assertThat(seen.at("apiVersion")).isEqualTo("v1");
        assertThat(seen.at("data.key")).isEqualTo("x");
        assertThat(seen.at("metadata.resourceVersion")).isEqualTo(answer.at("metadata.resourceVersion"));
        assertThat(stored("a")).contains("\"apiVersion\":\"v1\"").contains("\"key\":\"x\"");
    }

    @Test
    void updatesPatchesAndDeletesInTheVersionOfTheRequest() {
        start();
        api.post(NEW, "{metadata: {name: a}, data: {key: x}}").is(201);

        assertThat(api.put(OLD + "/a", "{metadata: {name: a}, data: {key: old-y}}")
                        .is(200)
                        .at("data.key"))
                .isEqualTo("old-y");
        assertThat(api.get(NEW + "/a").at("data.key")).isEqualTo("y");
        var patch = "[{\"op\":\"test\",\"path\":\"/data/key\",\"value\":\"old-y\"},"
                + "{\"op\":\"replace\",\"path\":\"/data/key\",\"value\":\"old-z\"}]";
        assertThat(api.patch(OLD + "/a", "json-patch", patch).is(200).at("data.key"))
                .isEqualTo("old-z");
        assertThat(api.get(NEW + "/a").at("data.key")).isEqualTo("z");
        assertThat(api.delete(OLD + "/a").is(200).at("status")).isEqualTo("Success");
        api.get(NEW + "/a").is(404);
    }

    @Test
    void answersADryRunInTheVersionOfTheRequest() {
        start();

        assertThat(api.post(OLD + "?dryRun=All", "{metadata: {name: a}, data: {key: old-x}}")
                        .is(201)
                        .at("data.key"))
                .isEqualTo("old-x");
        assertThat(api.post(NEW + "?dryRun=All", "{metadata: {name: a}, data: {key: x}}")
                        .is(201)
                        .at("data.key"))
                .isEqualTo("x");
    }

    @Test
    void listsInOneBatchAndConvertsNothingTwice() {
        start();
        for (var name : List.of("a", "b", "c")) {
            api.post(NEW, "{metadata: {name: " + name + "}, data: {key: x}}").is(201);
        }
        batches.set(0);

        var list = api.get(OLD).is(200);

        assertThat(list.at("apiVersion")).isEqualTo("old.example/v1beta1");
        assertThat(list.json().path("items"))
                .hasSize(3)
                .allSatisfy(item ->
                        assertThat(item.path("data").path("key").asText()).isEqualTo("old-x"));
        assertThat(batches).hasValue(1);
        api.get(OLD).is(200);
        api.get(OLD + "/b").is(200);
        assertThat(batches).hasValue(1);
        api.get(NEW).is(200);
        assertThat(batches).hasValue(1);
    }

    @Test
    void watchersOfAVersionShareItsBytes() {
        start();
        try (var one = api.watch(OLD + "?watch=1&resourceVersion=1");
                var other = api.watch(OLD + "?watch=1&resourceVersion=1")) {
            batches.set(0);
            api.post(NEW, "{metadata: {name: a}, data: {key: x}}").is(201);

            for (var watch : List.of(one, other)) {
                var object = watch.next().path("object");
                assertThat(object.path("apiVersion").asText()).isEqualTo("old.example/v1beta1");
                assertThat(object.path("data").path("key").asText()).isEqualTo("old-x");
            }
            api.delete(NEW + "/a").is(200);
            assertThat(one.next().path("object").path("data").path("key").asText())
                    .isEqualTo("old-x");
        }
    }

    @Test
    void printsTheSameTableInBothVersions() {
        start();
        api.post(NEW, "{metadata: {name: a}, data: {key: x}}").is(201);
        var table = "application/json;as=Table;v=v1;g=meta.k8s.io";

        assertThat(api.get(OLD, table).is(200).at("rows.0.cells"))
                .isEqualTo(api.get(NEW, table).is(200).at("rows.0.cells"));
        assertThat(api.get(OLD + "?includeObject=Object", table).at("rows.0.object.data.key"))
                .isEqualTo("old-x");
    }

    @Test
    void refusesWhatCannotBeConvertedAndKeepsTheRest() {
        start();
        api.post(NEW, "{metadata: {name: a}, data: {key: x}}").is(201);
        refuses = true;

        assertThat(api.get(OLD + "/a").is(400).at("message")).isEqualTo("no conversion today");
        assertThat(api.get(NEW + "/a").is(200).at("data.key")).isEqualTo("x");
        try (var watch = api.watch(OLD + "?watch=1")) {
            var event = watch.next();
            assertThat(event.path("type").asText()).isEqualTo("ERROR");
            assertThat(watch.hasEnded()).isTrue();
        }
        refuses = false;
        assertThat(api.get(OLD + "/a").is(200).at("data.key")).isEqualTo("old-x");
    }

    @Test
    void readsAndThenRewritesWhatAnEarlierServerStoredInAnotherVersion() throws Exception {
        var bytes = "{\"kind\":\"ConfigMap\",\"apiVersion\":\"old.example/v1beta1\",\"metadata\":{\"name\":\"a\","
                + "\"namespace\":\"default\",\"uid\":\"u\"},\"data\":{\"key\":\"old-x\"}}";
        refuses = true;
        store.put("/registry/core/configmaps/default/a", bytes.getBytes(StandardCharsets.UTF_8), Store.Expect.ABSENT);
        start();
        var watch = api.watch(NEW + "?watch=1&resourceVersion=1");
        refuses = false;

        assertThat(api.get(NEW + "/a").is(200).at("data.key")).isEqualTo("x");

        api.time.awaitSleepers(2); // the expiry of events is the other one
        api.time.advance(Duration.ofMinutes(2));
        assertThat(watch.next().path("object").path("data").path("key").asText())
                .isEqualTo("x");
        assertThat(stored("a")).contains("\"apiVersion\":\"v1\"").contains("\"key\":\"x\"");
        watch.close();
    }

    private String stored(String name) {
        return switch (store.range(Range.prefix("/registry/core/configmaps/default/" + name), 0, 1)) {
            case Store.Read.Page page -> new String(page.entries().getFirst().value(), StandardCharsets.UTF_8);
            default -> throw new AssertionError("not in the store");
        };
    }

    private static void convert(ObjectNode document, GroupVersion to) {
        if (document.get("data") instanceof ObjectNode data) {
            var value = data.path("key").asText();
            data.put("key", to.group().isEmpty() ? value.substring("old-".length()) : "old-" + value);
        }
        document.put("apiVersion", to.apiVersion());
    }

    private ResourceDefinition old(ResourceDefinition stored) {
        return new ResourceDefinition(
                new GroupVersion("old.example", "v1beta1"),
                stored.kind(),
                stored.listKind(),
                stored.plural(),
                stored.singular(),
                stored.shortNames(),
                stored.categories(),
                stored.namespaced(),
                stored.verbs(),
                stored.subresources(),
                stored.schema(),
                stored.columns(),
                stored.hasStatus(),
                stored.hasGeneration(),
                Optional.of(stored),
                conversion,
                "old.example/v1beta1 is on its way out");
    }
}
