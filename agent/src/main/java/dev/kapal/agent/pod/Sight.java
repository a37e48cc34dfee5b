package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that a pod's status is made from. Immutable.
///
/// `stage` is how far the pod's life has come, `waits` why containers do not run, `hostIps` the node's addresses,
/// `ending`
/// what the node decided about the pod, if it did (a deadline, an eviction).
record Sight(
        Pod pod,
        ObservedPod observed,
        Map<String, Waiting> waits,
        Verdicts verdicts,
        List<String> hostIps,
        Stage stage,
        Optional<Ending> ending,
        Instant now) {
    enum Stage {
        /// Containers are started as the spec asks.
        LIVING,
        /// Containers are being stopped; nothing starts again.
        TERMINATING,
        /// No container runs and none will.
        ENDED
    }

    /// A phase `Failed` with this reason and message.
    record Ending(String reason, String message) {}

    Sight {
        waits = Map.copyOf(waits);
        hostIps = List.copyOf(hostIps);
    }
}
