package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.User;
import dev.kapal.model.codec.Documents;

/// One write that was asked for.
///
/// @param namespace empty for cluster-scoped resources
/// @param name empty for a create
/// @param subresource empty for the object itself
/// @param options how it was asked for, as the fields of `CreateOptions` or `UpdateOptions`; admission shows them
record Write(
        User user,
        String namespace,
        String name,
        String subresource,
        boolean dryRun,
        Warnings warnings,
        ObjectNode options) {

    Write(User user, String namespace, String name, String subresource, boolean dryRun, Warnings warnings) {
        this(user, namespace, name, subresource, dryRun, warnings, Documents.object());
    }

    Write named(String newName) {
        return new Write(user, namespace, newName, subresource, dryRun, warnings, options);
    }

    Write through(String newSubresource) {
        return new Write(user, namespace, name, newSubresource, dryRun, warnings, options);
    }

    Write dry() {
        return new Write(user, namespace, name, subresource, true, warnings, options);
    }
}
