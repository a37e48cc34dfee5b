package dev.kapal.client;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Folds floods of events as upstream does: at most 25 in a burst and one per five minutes about one object; more than
/// ten messages of one kind within ten minutes become one "combined" event; equal events become a count. Owned by the
/// writing thread of [EventRecorder].
final class EventCorrelator {
    private static final int BURST = 25;
    private static final Duration REFILL = Duration.ofMinutes(5);
    private static final int SIMILAR = 10;
    private static final Duration SIMILAR_WINDOW = Duration.ofMinutes(10);
    private static final int REMEMBERED = 4096;

    private final Map<List<String>, Bucket> buckets = remembered();
    private final Map<List<String>, Similar> similar = remembered();
    private final Map<List<String>, Event> seen = remembered();

    /// What to write: a new event, or (`repeated`) a higher count on one that exists.
    record Admitted(Event event, boolean repeated, List<String> identity) {}

    private record Bucket(double tokens, Instant at) {}

    private record Similar(Set<String> messages, Instant last) {}

    /// Empty when the event is one too many.
    Optional<Admitted> admit(Event event, Instant now) {
        var folded = fold(event, now);
        if (!takeToken(about(event), now)) {
            return Optional.empty();
        }
        var first = seen.get(folded.identity());
        if (first == null) {
            return Optional.of(folded);
        }
        var repeated = new EventBuilder(folded.event())
                .withMetadata(first.getMetadata())
                .withFirstTimestamp(first.getFirstTimestamp())
                .withCount(first.getCount() + 1)
                .build();
        return Optional.of(new Admitted(repeated, true, folded.identity()));
    }

    /// Remembers what the server made of it, as the event that later ones repeat.
    void written(Admitted admitted, Event stored) {
        seen.put(admitted.identity(), stored);
    }

    private Admitted fold(Event event, Instant now) {
        var kind = kind(event);
        var known = similar.get(kind);
        Set<String> messages = new HashSet<>();
        if (known != null && Duration.between(known.last(), now).compareTo(SIMILAR_WINDOW) <= 0) {
            messages = known.messages();
        }
        messages.add(event.getMessage());
        similar.put(kind, new Similar(messages, now));
        if (messages.size() < SIMILAR) {
            return new Admitted(event, false, concat(kind, event.getMessage()));
        }
        messages.remove(messages.iterator().next());
        var combined = new EventBuilder(event)
                .withMessage("(combined from similar events): " + event.getMessage())
                .build();
        return new Admitted(combined, false, kind);
    }

    private boolean takeToken(List<String> about, Instant now) {
        var bucket = buckets.getOrDefault(about, new Bucket(BURST, now));
        double refilled = (double) Duration.between(bucket.at(), now).toMillis() / REFILL.toMillis();
        double tokens = Math.min(BURST, bucket.tokens() + Math.max(0, refilled));
        boolean granted = tokens >= 1;
        buckets.put(about, new Bucket(granted ? tokens - 1 : tokens, now));
        return granted;
    }

    private static List<String> about(Event event) {
        var object = event.getInvolvedObject();
        return List.of(
                text(event.getSource().getComponent()),
                text(event.getSource().getHost()),
                text(object.getKind()),
                text(object.getNamespace()),
                text(object.getName()),
                text(object.getUid()),
                text(object.getApiVersion()));
    }

    private static List<String> kind(Event event) {
        var about = about(event);
        return List.of(
                about.toString(),
                text(event.getInvolvedObject().getFieldPath()),
                text(event.getType()),
                text(event.getReason()));
    }

    private static List<String> concat(List<String> kind, String message) {
        return List.of(kind.get(0), kind.get(1), kind.get(2), kind.get(3), text(message));
    }

    private static String text(String value) {
        return Objects.requireNonNullElse(value, "");
    }

    private static <V> Map<List<String>, V> remembered() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<List<String>, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
