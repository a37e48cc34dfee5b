package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventExpiryTest {
    private static final String EVENTS = "/api/v1/namespaces/default/events";
    private static final String EVENT =
            "{metadata: {name: %s, namespace: default}, involvedObject: {kind: Pod, namespace: default, name: p}}";

    private final Api api = Api.withDefaultNamespace();

    @BeforeEach
    void waitForTheThread() throws InterruptedException {
        api.time.awaitSleepers(1);
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void removesEventsAnHourAfterTheirLastWrite() {
        var created = api.time.instant();
        api.post(EVENTS, EVENT.formatted("old")).is(201);
        api.post(EVENTS, EVENT.formatted("renewed")).is(201);
        awaitCache();

        api.time.advance(Duration.ofMinutes(40));
        api.get(EVENTS + "/old").is(200);
        api.patch(EVENTS + "/renewed", "merge-patch", "{\"count\":2}").is(200);
        awaitCache();

        awaitEnd(api, "old", created.plus(ServingOptions.DEFAULT.eventTtl()));
        api.get(EVENTS + "/renewed").is(200);

        awaitEnd(api, "renewed", created.plus(Duration.ofMinutes(40)).plus(ServingOptions.DEFAULT.eventTtl()));
    }

    @Test
    void goesByWhatEventsSayAfterARestart() {
        var event = "{metadata: {name: old}, involvedObject: {kind: Pod, namespace: default, name: p},"
                + " lastTimestamp: '2024-12-31T23:10:00Z'}";
        api.post(EVENTS, event).is(201);
        try (var restarted = api.restarted()) {
            awaitEnd(restarted, "old", Instant.parse("2025-01-01T00:10:00Z"));
        }
    }

    /// Moves time until the Event is gone, which must not be before `earliest`.
    private static void awaitEnd(Api api, String name, Instant earliest) {
        while (api.get(EVENTS + "/" + name).status() == 200) {
            api.time.advance(Duration.ofSeconds(1));
            Thread.yield();
        }
        assertThat(api.time.instant()).isAfterOrEqualTo(earliest);
    }

    /// A read sees all writes, so the cache has them, too.
    private void awaitCache() {
        api.get(EVENTS).is(200);
    }
}
