package dev.kapal.scheduler.framework;

import java.util.Set;

/// What a PreFilter plugin found out about a pod. Immutable.
public sealed interface Scope {
    Scope EVERY_NODE = new EveryNode();
    Scope SKIP = new Skip();

    record EveryNode() implements Scope {}

    /// The plugin's Filter has nothing to say about this pod.
    record Skip() implements Scope {}

    /// Only these nodes come into question.
    record Only(Set<String> nodes) implements Scope {
        public Only {
            nodes = Set.copyOf(nodes);
        }
    }

    /// No node comes into question.
    record Rejected(Verdict.Reject why) implements Scope {}
}
