package dev.kapal.controllers.endpointslice;

import dev.kapal.client.Key;
import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.controllers.workload.Times;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers the state each Service's endpoints were last written for, and so knows since when the next write was due:
/// `endpoints.kubernetes.io/last-change-trigger-time`. Any thread; one key on one worker.
public final class TriggerTimes {
    /// The annotation, on Endpoints and EndpointSlices.
    public static final String ANNOTATION = "endpoints.kubernetes.io/last-change-trigger-time";

    private final Map<Key, Known> known = new ConcurrentHashMap<>();

    private record Known(Optional<Instant> service, Map<String, Instant> pods) {}

    /// The earliest change since the last call; empty when nothing changed that can be dated.
    public Optional<Instant> next(Service service, List<Pod> pods) {
        var key = Key.of(service);
        var now = new Known(Times.parse(service.getMetadata().getCreationTimestamp()), podTimes(pods));
        var before = known.put(key, now);
        if (before == null) {
            return now.service();
        }
        var earliest = now.pods().entrySet().stream()
                .filter(entry -> entry.getValue().isAfter(before.pods().getOrDefault(entry.getKey(), Instant.MIN)))
                .map(Map.Entry::getValue)
                .min(Instant::compareTo);
        var recreated = now.service().filter(at -> at.isAfter(before.service().orElse(Instant.MIN)));
        if (recreated.isPresent() && earliest.isPresent()) {
            return recreated.get().isBefore(earliest.get()) ? recreated : earliest;
        }
        return earliest.or(() -> recreated);
    }

    public void forget(Key service) {
        known.remove(service);
    }

    private static Map<String, Instant> podTimes(List<Pod> pods) {
        var times = new HashMap<String, Instant>();
        for (Pod pod : pods) {
            PodFacts.condition(pod, "Ready")
                    .flatMap(ready -> Times.parse(ready.getLastTransitionTime()))
                    .ifPresent(at -> times.put(pod.getMetadata().getName(), at));
        }
        return times;
    }
}
