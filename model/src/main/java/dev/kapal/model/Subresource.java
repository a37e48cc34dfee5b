package dev.kapal.model;

import java.util.Optional;
import java.util.Set;

/// What hangs below an object: `status`, `scale`, `log`.
///
/// @param kind the type that goes over the wire; it can belong to another group than the resource (`autoscaling/v1
///   Scale`)
/// @param verbs as discovery lists them
/// @param scale for `scale`: where the object has what it shows, empty for the usual places
public record Subresource(String name, GroupVersionKind kind, Set<String> verbs, Optional<ScalePaths> scale) {

    public Subresource {
        verbs = Set.copyOf(verbs);
    }

    public Subresource(String name, GroupVersionKind kind, Set<String> verbs) {
        this(name, kind, verbs, Optional.empty());
    }
}
