package dev.kapal.scheduler;

import java.util.Set;

/// What was decided about a pod. Immutable.
sealed interface Decision {
    /// The pod goes to `node`, the best of `feasible` among `evaluated` nodes.
    record Place(String node, int evaluated, int feasible) implements Decision {}

    /// The pod fits nowhere; `plugins` are those that rejected it, and whose mind an event may change.
    record NoFit(String message, Set<String> plugins) implements Decision {}
}
