package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;

/// How long a pod's containers have to end by themselves. Pure.
///
/// Source: Pod API, `terminationGracePeriodSeconds`; Probe API, `terminationGracePeriodSeconds`.
final class Grace {
    private static final long DEFAULT_SECONDS = 30;
    private static final Duration LEAST = Duration.ofSeconds(1);

    private Grace() {}

    /// What the deletion has asked for, or else the spec.
    static Duration of(Pod pod) {
        var asked = pod.getMetadata().getDeletionGracePeriodSeconds();
        var fallback = pod.getSpec().getTerminationGracePeriodSeconds();
        return atLeastOne(asked != null ? asked : fallback != null ? fallback : DEFAULT_SECONDS);
    }

    /// A probe that gave the container up may have a period of its own.
    static Duration of(Pod pod, PodPlan.Kill kill) {
        var spec = kill.member().spec();
        var own = kill.probe().map(kind -> switch (kind) {
            case LIVENESS -> spec.getLivenessProbe().getTerminationGracePeriodSeconds();
            case STARTUP -> spec.getStartupProbe().getTerminationGracePeriodSeconds();
            case READINESS -> null;
        });
        return own.map(Grace::atLeastOne).orElseGet(() -> of(pod));
    }

    static boolean isDeleted(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    private static Duration atLeastOne(long seconds) {
        return seconds < 1 ? LEAST : Duration.ofSeconds(seconds);
    }
}
