package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
        api.post(EVENTS, EVENT.formatted("old")).is(201);
        api.post(EVENTS, EVENT.formatted("renewed")).is(201);
        awaitCache();

        api.time.advance(Duration.ofMinutes(40));
        api.get(EVENTS + "/old").is(200);
        api.patch(EVENTS + "/renewed", "merge-patch", "{\"count\":2}").is(200);
        awaitCache();

        awaitEnd("old", Duration.ofMinutes(15));
        api.get(EVENTS + "/renewed").is(200);

        awaitEnd("renewed", Duration.ofMinutes(35));
    }

    @Test
    void goesByWhatEventsSayAfterARestart() {
        var event = "{metadata: {name: old}, involvedObject: {kind: Pod, namespace: default, name: p},"
                + " lastTimestamp: '2024-12-31T23:10:00Z'}";
        api.post(EVENTS, event).is(201);
        try (var restarted = api.restarted()) {
            awaitEnd(restarted, "old", Duration.ofMinutes(5));
        }
    }

    private void awaitEnd(String name, Duration atLeast) {
        awaitEnd(api, name, atLeast);
    }

    /// Moves time until the Event is gone, which must not be before `atLeast`, nor long after.
    private static void awaitEnd(Api api, String name, Duration atLeast) {
        var begin = api.time.instant();
        while (api.get(EVENTS + "/" + name).status() == 200) {
            api.time.advance(Duration.ofSeconds(1));
            Thread.yield();
        }
        assertThat(Duration.between(begin, api.time.instant())).isGreaterThanOrEqualTo(atLeast);
    }

    /// A read sees all writes, so the cache has them, too.
    private void awaitCache() {
        api.get(EVENTS).is(200);
    }
}
