package dev.kapal.scheduler.framework;

import java.util.Optional;

/// What a PostFilter plugin did for a pod that fits nowhere. Immutable.
///
/// @param nominated the node on which room is being made
/// @param message what to add to the pod's message, or empty
public record Remedy(Optional<String> nominated, String message) {
    public static Remedy none(String message) {
        return new Remedy(Optional.empty(), message);
    }
}
