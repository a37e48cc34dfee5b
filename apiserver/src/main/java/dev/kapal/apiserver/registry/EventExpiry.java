package dev.kapal.apiserver.registry;

import dev.kapal.apiserver.cache.CacheEvent.Type;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.cache.Cursor;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Removes Events some time after they were last written, as upstream's leases do. One thread; what it knows it learns
/// from the watch cache, so it forgets nothing by a restart.
final class EventExpiry {
    /// How late an Event may go; also bounds how long the thread sleeps.
    private static final Duration PACE = Duration.ofSeconds(30);

    private static final Log log = Log.of(EventExpiry.class);

    private final Shelf shelf;
    private final Duration ttl;
    private final Time time;
    /// Oldest first, because every write moves its Event to the end.
    private final Map<String, Due> due = new LinkedHashMap<>();

    /// @param at on the monotonic clock
    private record Due(CachedObject object, long at) {}

    /// @param ttl how long an Event stays
    EventExpiry(Shelf shelf, Duration ttl, Time time) {
        this.shelf = shelf;
        this.ttl = ttl;
        this.time = time;
    }

    void run() throws InterruptedException {
        while (true) {
            due.clear();
            try (var cursor = shelf.cache().follow()) {
                cursor.initial().visit("", "", object -> {
                    due.put(
                            object.key(),
                            new Due(object, time.nanos() + left(object).toNanos()));
                    return true;
                });
                while (true) {
                    learn(cursor);
                    expire(time.nanos());
                    time.sleep(PACE);
                }
            } catch (Cursor.FellBehindException tooMany) {
                log.info("more events than can be followed, reading them all again");
            }
        }
    }

    private void learn(Cursor cursor) {
        for (var event = cursor.poll(); event.isPresent(); event = cursor.poll()) {
            var object = event.get().object();
            due.remove(object.key());
            if (event.get().type() != Type.DELETED) {
                due.put(object.key(), new Due(object, event.get().nanos() + ttl.toNanos()));
            }
        }
    }

    private void expire(long now) throws InterruptedException {
        var oldest = due.values().iterator();
        while (oldest.hasNext()) {
            var next = oldest.next();
            if (next.at - now > 0) {
                return;
            }
            oldest.remove();
            var object = next.object;
            shelf.remove(object.namespace(), object.name(), object.revision()); // stale: it was written again
        }
    }

    /// How long an Event of an earlier run may stay.
    private Duration left(CachedObject object) {
        return ttl.minus(Duration.between(lastWritten(object), time.instant()));
    }

    /// When an Event of an earlier run was last written, as far as it says so itself.
    private Instant lastWritten(CachedObject object) {
        var event = object.document();
        for (var field : new String[] {"lastTimestamp", "eventTime", "firstTimestamp"}) {
            var text = event.path(field).asText("");
            if (!text.isEmpty()) {
                return parsed(text);
            }
        }
        return parsed(event.path("metadata").path("creationTimestamp").asText(""));
    }

    private Instant parsed(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            return time.instant();
        }
    }
}
