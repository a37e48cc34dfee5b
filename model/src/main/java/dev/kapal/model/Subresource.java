package dev.kapal.model;

import java.util.Set;

/// What hangs below an object: `status`, `scale`, `log`.
///
/// @param kind the type that goes over the wire; it can belong to another group than the resource (`autoscaling/v1
///   Scale`)
/// @param verbs as discovery lists them
public record Subresource(String name, GroupVersionKind kind, Set<String> verbs) {

    public Subresource {
        verbs = Set.copyOf(verbs);
    }
}
