package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.testkit.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void showsWhatIsThereAndThenWhatChanges() {
        api.post(MAPS, "{metadata: {name: a}}").is(201);
        try (var watch = api.watch(MAPS + "?watch=true")) {
            assertThat(watch.brief()).isEqualTo("ADDED a");

            api.post(MAPS, "{metadata: {name: b}}").is(201);
            assertThat(watch.brief()).isEqualTo("ADDED b");

            api.patch(MAPS + "/b", "merge-patch", "{\"data\":{\"k\":\"v\"}}").is(200);
            assertThat(watch.brief()).isEqualTo("MODIFIED b");

            api.delete(MAPS + "/a").is(200);
            assertThat(watch.brief()).isEqualTo("DELETED a");
        }
    }

    @Test
    @Conformance({"api-watch-from-resource-version", "api-watch-restart"})
    void goesOnFromAVersionWithoutGapOrRepetition() {
        var first = api.post(MAPS, "{metadata: {name: a}}").is(201).at("metadata.resourceVersion");
        api.post(MAPS, "{metadata: {name: b}}").is(201);
        api.delete(MAPS + "/a").is(200);
        try (var watch = api.watch(MAPS + "?watch=true&resourceVersion=" + first)) {
            assertThat(watch.brief()).isEqualTo("ADDED b");
            assertThat(watch.brief()).isEqualTo("DELETED a");
        }
    }

    @Test
    void showsADeletedObjectWithTheVersionOfItsEnd() {
        api.post(MAPS, "{metadata: {name: a}, data: {k: v}}").is(201);
        try (var watch = api.watch(MAPS + "?watch=true")) {
            watch.next();
            api.delete(MAPS + "/a").is(200);
            var event = watch.next();

            assertThat(event.at("/object/data/k").asText()).isEqualTo("v");
            assertThat(event.at("/object/metadata/resourceVersion").asLong()).isEqualTo(api.store.revision());
        }
    }

    @Test
    @Conformance("api-watch-selector-exit")
    void turnsChangesOfTheSelectionIntoComingAndGoing() {
        try (var watch = api.watch(MAPS + "?watch=true&labelSelector=app%3Dweb")) {
            api.post(MAPS, "{metadata: {name: other}}").is(201);
            api.post(MAPS, "{metadata: {name: a}, data: {n: one}}").is(201);
            label("a", "web");
            assertThat(watch.brief()).isEqualTo("ADDED a");

            api.patch(MAPS + "/a", "merge-patch", "{\"data\":{\"n\":\"two\"}}").is(200);
            assertThat(watch.brief()).isEqualTo("MODIFIED a");

            label("a", "db");
            var gone = watch.next();
            assertThat(gone.path("type").asText()).isEqualTo("DELETED");
            assertThat(gone.at("/object/metadata/labels/app").asText())
                    .as("as it was while it belonged there")
                    .isEqualTo("web");
            assertThat(gone.at("/object/metadata/resourceVersion").asLong()).isEqualTo(api.store.revision());
        }
    }

    @Test
    void followsFieldSelectors() {
        try (var watch = api.watch(MAPS + "?watch=true&fieldSelector=metadata.name%3Db")) {
            api.post(MAPS, "{metadata: {name: a}}").is(201);
            api.post(MAPS, "{metadata: {name: b}}").is(201);
            assertThat(watch.brief()).isEqualTo("ADDED b");
        }
    }

    @Test
    void sendsInitialEventsAndSaysWhereTheyEnd() {
        api.post(MAPS, "{metadata: {name: a}}").is(201);
        var target =
                MAPS + "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
        try (var watch = api.watch(target)) {
            assertThat(watch.brief()).isEqualTo("ADDED a");
            var bookmark = watch.next();
            assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
            assertThat(bookmark.at("/object/kind").asText()).isEqualTo("ConfigMap");
            assertThat(bookmark.at("/object/metadata/annotations/k8s.io~1initial-events-end")
                            .asText())
                    .isEqualTo("true");
            assertThat(bookmark.at("/object/metadata/resourceVersion").asLong()).isEqualTo(api.store.revision());
        }
    }

    @Test
    void saysAboutOnceAMinuteHowFarItIs() {
        try (var watch = api.watch(MAPS + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=600")) {
            long first = seen(watch, "a");
            api.time.advance(Duration.ofSeconds(61));
            var bookmark = bookmarkBeside(watch, "b");
            assertThat(bookmark.at("/object/metadata/resourceVersion").asLong()).isGreaterThanOrEqualTo(first);
            assertThat(bookmark.at("/object/metadata/name").asText()).isEmpty();
            assertThat(bookmark.at("/object/metadata/annotations").isMissingNode())
                    .isTrue();
            seen(watch, "c");
            api.time.advance(Duration.ofSeconds(30));
            seen(watch, "d");
            api.time.advance(Duration.ofSeconds(31));
            bookmarkBeside(watch, "e");
        }
    }

    @Test
    void saysHowFarItIsBeforeItEnds() {
        try (var watch = api.watch(MAPS + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=30")) {
            seen(watch, "a");
            api.time.advance(Duration.ofSeconds(28));
            bookmarkBeside(watch, "b");
        }
    }

    /// Makes an object, which wakes the watch if it is not awake: the bookmark is due, and comes before or after it.
    private ObjectNode bookmarkBeside(Api.Watching watch, String name) {
        api.post(MAPS, "{metadata: {name: " + name + "}}").is(201);
        var one = watch.next();
        var other = watch.next();
        boolean ahead = one.path("type").asText().equals("BOOKMARK");
        assertThat((ahead ? other : one).at("/object/metadata/name").asText()).isEqualTo(name);
        assertThat((ahead ? one : other).path("type").asText()).isEqualTo("BOOKMARK");
        return ahead ? one : other;
    }

    @Test
    void sendsNoBookmarksToThoseWhoDidNotAsk() {
        try (var watch = api.watch(MAPS + "?watch=true&timeoutSeconds=600")) {
            seen(watch, "a");
            api.time.advance(Duration.ofSeconds(61));
            seen(watch, "b");
            seen(watch, "c");
        }
    }

    /// Makes an object, and the watch shows it next.
    private long seen(Api.Watching watch, String name) {
        var created = api.post(MAPS, "{metadata: {name: " + name + "}}").is(201);
        assertThat(watch.brief()).isEqualTo("ADDED " + name);
        return Long.parseLong(created.at("metadata.resourceVersion"));
    }

    @Test
    void tellsWhenAVersionIsForgotten() {
        var old = api.post(MAPS, "{metadata: {name: a}}").is(201).at("metadata.resourceVersion");
        var before = Long.parseLong(old) - 10_000;
        try (var watch = api.watch(MAPS + "?watch=true&resourceVersion=" + Math.max(1, before))) {
            assertThat(watch.status()).isEqualTo(200);
        }
        for (int i = 0; i < 300; i++) {
            api.time.advance(Duration.ofSeconds(80)); // so that the history does not grow
            api.patch(MAPS + "/a", "merge-patch", "{\"data\":{\"n\":\"" + i + "\"}}")
                    .is(200);
        }
        try (var watch = api.watch(MAPS + "?watch=true&resourceVersion=" + old)) {
            assertThat(watch.status()).isEqualTo(200);
            var error = watch.next();
            assertThat(error.path("type").asText()).isEqualTo("ERROR");
            assertThat(error.at("/object/code").asInt()).isEqualTo(410);
            assertThat(error.at("/object/reason").asText()).isEqualTo("Expired");
            assertThat(error.at("/object/message").asText()).startsWith("too old resource version: " + old + " (");
            assertThat(watch.hasEnded()).isTrue();
        }
    }

    @Test
    void endsAfterItsTime() {
        try (var watch = api.watch(MAPS + "?watch=true&timeoutSeconds=5")) {
            api.time.advance(Duration.ofSeconds(6));
            api.post(MAPS, "{metadata: {name: a}}").is(201);
            boolean endedAtOnce = watch.hasEnded(); // or it was sent what woke it
            assertThat(endedAtOnce || watch.hasEnded()).isTrue();
        }
    }

    @Test
    void lastsBetweenTheShortestTimeAndTwiceThatIfNobodySaysHowLong() {
        var serving = new ServingOptions(ServingOptions.PortRange.DEFAULT, Duration.ofMinutes(1), Duration.ofHours(1));
        try (var hasty = Api.with(serving);
                var watch = hasty.watch(MAPS + "?watch=true")) {
            hasty.time.advance(Duration.ofSeconds(59));
            hasty.post(MAPS, "{metadata: {name: a}}").is(201);
            assertThat(watch.brief()).isEqualTo("ADDED a");
            hasty.time.advance(Duration.ofSeconds(61));
            hasty.post(MAPS, "{metadata: {name: b}}").is(201);
            boolean endedAtOnce = watch.hasEnded(); // or it was sent what woke it
            assertThat(endedAtOnce || watch.hasEnded()).isTrue();
        }
    }

    @Test
    void endsOneAfterTheOtherWhenTheServerStops() {
        try (var one = api.watch(MAPS + "?watch=true");
                var other = api.watch(MAPS + "?watch=true")) {
            var ends = List.of(
                    CompletableFuture.supplyAsync(one::hasEnded), CompletableFuture.supplyAsync(other::hasEnded));
            var ending = CompletableFuture.runAsync(() -> api.endWatches(Duration.ofMinutes(1)));
            CompletableFuture.anyOf(ends.getFirst(), ends.getLast()).join();
            assertThat(ends).filteredOn(CompletableFuture::isDone).hasSize(1);
            while (!ending.isDone()) {
                api.time.advance(Duration.ofMillis(5));
            }
            assertThat(ends).allMatch(CompletableFuture::join);
        }
    }

    @Test
    void sendsTheSameBytesThatAGetAnswers() {
        try (var watch = api.watch(MAPS + "?watch=true")) {
            api.post(MAPS, "{metadata: {name: a}, data: {k: v}}").is(201);
            ObjectNode seen = (ObjectNode) watch.next().get("object");
            assertThat(seen).isEqualTo(api.get(MAPS + "/a").json());
        }
    }

    @Test
    void writesTablesWithColumnsOnce() {
        var table = "application/json;as=Table;v=v1;g=meta.k8s.io";
        try (var watch = api.watch(MAPS + "?watch=true", table)) {
            api.post(MAPS, "{metadata: {name: a}}").is(201);
            api.post(MAPS, "{metadata: {name: b}}").is(201);
            var first = watch.next().path("object");
            assertThat(first.path("kind").asText()).isEqualTo("Table");
            assertThat(first.path("columnDefinitions").size()).isEqualTo(3);
            assertThat(first.at("/rows/0/cells/0").asText()).isEqualTo("a");
            assertThat(watch.next().path("object").path("columnDefinitions").isNull())
                    .isTrue();
        }
    }

    @Test
    @Conformance("api-watch-multiple-watchers")
    void showsEachWatcherWhatItsSelectorMatches() {
        var target = MAPS + "?watch=true&labelSelector=";
        try (var a = api.watch(target + "app%3Da");
                var b = api.watch(target + "app%3Db");
                var both = api.watch(target + "app%20in%20(a,b)")) {
            api.post(MAPS, "{metadata: {name: one, labels: {app: a}}}").is(201);
            api.patch(MAPS + "/one", "merge-patch", "{\"data\":{\"k\":\"1\"}}").is(200);
            api.post(MAPS, "{metadata: {name: two, labels: {app: b}}}").is(201);
            api.delete(MAPS + "/one").is(200);
            api.delete(MAPS + "/two").is(200);
            for (var watch : List.of(a, both)) {
                assertThat(watch.brief()).isEqualTo("ADDED one");
                assertThat(watch.brief()).isEqualTo("MODIFIED one");
            }
            assertThat(both.brief()).isEqualTo("ADDED two");
            assertThat(a.brief()).isEqualTo("DELETED one");
            assertThat(both.brief()).isEqualTo("DELETED one");
            assertThat(both.brief()).isEqualTo("DELETED two");
            assertThat(b.brief()).isEqualTo("ADDED two");
            assertThat(b.brief()).isEqualTo("DELETED two");
        }
    }

    @Test
    @Conformance("api-watch-concurrent-order")
    void showsTheSameOrderFromWhereverAWatchBegins() {
        try (var first = api.watch(MAPS + "?watch=true")) {
            int writes = 12;
            for (int i = 0; i < writes; i++) {
                api.post(MAPS, "{metadata: {name: m" + i + "}}").is(201);
            }
            var versions = new ArrayList<String>();
            for (int i = 0; i < writes; i++) {
                versions.add(version(first.next()));
            }
            for (int i = 0; i < writes - 1; i++) {
                try (var later = api.watch(MAPS + "?watch=true&resourceVersion=" + versions.get(i))) {
                    for (var expected : versions.subList(i + 1, writes)) {
                        assertThat(version(later.next())).isEqualTo(expected);
                    }
                }
            }
        }
    }

    private static String version(JsonNode event) {
        return event.at("/object/metadata/resourceVersion").asText();
    }

    @Test
    void reachesEveryWatcher() {
        List<Api.Watching> watches = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            watches.add(api.watch(MAPS + "?watch=true"));
        }
        api.post(MAPS, "{metadata: {name: a}}").is(201);
        for (var watch : watches) {
            assertThat(watch.brief()).isEqualTo("ADDED a");
            watch.close();
        }
    }

    @Test
    void endsWithTheServer() {
        var watch = api.watch(MAPS + "?watch=true");
        api.resources.close();
        assertThat(watch.hasEnded()).isTrue();
    }

    private void label(String name, String app) {
        api.patch(MAPS + "/" + name, "merge-patch", "{\"metadata\":{\"labels\":{\"app\":\"" + app + "\"}}}")
                .is(200);
    }
}
