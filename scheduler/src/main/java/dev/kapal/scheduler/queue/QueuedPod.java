package dev.kapal.scheduler.queue;

import dev.kapal.scheduler.snapshot.PodFacts;
import java.util.Set;

/// A pod on its way through the queue. Immutable.
///
/// @param number how many pods were queued before it, for the order among equals
/// @param attempts how often it failed in a row
/// @param failedAt monotonic nanoseconds of the last failure
/// @param rejectedBy the plugins that rejected it; nobody in particular when empty
/// @param broken the last attempt broke down, which is no verdict on the pod
public record QueuedPod(
        PodFacts pod, long number, int attempts, long failedAt, Set<String> rejectedBy, boolean broken) {
    public QueuedPod {
        rejectedBy = Set.copyOf(rejectedBy);
    }

    static QueuedPod fresh(PodFacts pod, long number) {
        return new QueuedPod(pod, number, 0, 0, Set.of(), false);
    }

    QueuedPod with(PodFacts newer) {
        return new QueuedPod(newer, number, attempts, failedAt, rejectedBy, broken);
    }

    QueuedPod failed(PodFacts newest, long now, Set<String> plugins, boolean brokeDown) {
        return new QueuedPod(newest, number, attempts + 1, now, plugins, brokeDown);
    }
}
