package dev.kapal.apiserver.registry;

import dev.kapal.apiserver.api.User;

/// One write that was asked for.
///
/// @param namespace empty for cluster-scoped resources
/// @param name empty for a create
/// @param subresource empty for the object itself
record Write(User user, String namespace, String name, String subresource, boolean dryRun, Warnings warnings) {

    Write named(String newName) {
        return new Write(user, namespace, newName, subresource, dryRun, warnings);
    }

    Write through(String newSubresource) {
        return new Write(user, namespace, name, newSubresource, dryRun, warnings);
    }

    Write dry() {
        return new Write(user, namespace, name, subresource, true, warnings);
    }
}
