package dev.kapal.scheduler.framework;

import java.util.List;

/// What a plugin says to a pod, or to a pod on a node. Immutable.
public sealed interface Verdict {
    Verdict PASS = new Pass();

    record Pass() implements Verdict {}

    /// @param reasons upstream's texts, counted over all nodes in the message
    /// @param resolvable whether it may help to remove other pods
    record Reject(List<String> reasons, boolean resolvable) implements Verdict {
        public Reject {
            reasons = List.copyOf(reasons);
        }
    }

    /// A rejection that the removal of other pods could lift.
    static Reject reject(String... reasons) {
        return new Reject(List.of(reasons), true);
    }

    /// A rejection that lies in the node itself.
    static Reject rejectForGood(String reason) {
        return new Reject(List.of(reason), false);
    }
}
