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
/// @param manager who will own the fields that it changes; empty when nobody does, because the server acts on its own
/// or the document says already who owns what
record Write(
        User user,
        String namespace,
        String name,
        String subresource,
        boolean dryRun,
        Warnings warnings,
        ObjectNode options,
        String manager) {

    Write(User user, String namespace, String name, String subresource, boolean dryRun, Warnings warnings) {
        this(user, namespace, name, subresource, dryRun, warnings, Documents.object(), "");
    }

    Write named(String newName) {
        return new Write(user, namespace, newName, subresource, dryRun, warnings, options, manager);
    }

    /// What the server does on its own after what was asked for.
    Write through(String newSubresource) {
        return new Write(user, namespace, name, newSubresource, dryRun, warnings, options, "");
    }

    Write dry() {
        return new Write(user, namespace, name, subresource, true, warnings, options, manager);
    }

    Write by(String newManager) {
        return new Write(user, namespace, name, subresource, dryRun, warnings, options, newManager);
    }
}
