package dev.kapal.controllers.garbage;

import java.util.List;
import java.util.Map;

/// What is to be done about one object. Pure; the words are those of the documentation on garbage collection.
///
///     being deleted, orphan finalizer ──────────────► Orphan its dependents
///     being deleted, foregroundDeletion, blockers ──► Await them
///     being deleted, foregroundDeletion, no blocker ► Release
///     some owner lives ─────────────────────────────► Keep, or Disown the others
///     every owner is gone ──────────────────────────► Delete
///     the last owners wait for their dependents ────► Delete, in the foreground when it has dependents itself
///
/// Source: Kubernetes documentation, "Garbage Collection", "Use Cascading Deletion".
sealed interface Verdict {
    record Keep() implements Verdict {}

    /// Takes the reference to it out of each dependent, then lets it go.
    record Orphan(List<Graph.Node> dependents) implements Verdict {}

    /// It waits for these to go.
    record Await(List<Graph.Node> blocking) implements Verdict {}

    /// Nothing holds it back any more.
    record Release() implements Verdict {}

    /// Takes the references to these owners out of it.
    record Disown(List<String> owners) implements Verdict {}

    /// @param unblock whether it must first stop to block its owners: it is part of a circle of owners that wait for
    ///     one another
    record Delete(String policy, boolean unblock) implements Verdict {}

    /// How an owner stands.
    enum Standing {
        /// It is there and stays.
        SOLID,
        /// It is being deleted in the foreground and waits for its dependents.
        WAITING,
        /// There is no such object.
        ABSENT
    }

    /// @param owners how each owner of `object` stands, by uid
    static Verdict on(Observed object, List<Graph.Node> dependents, Map<String, Standing> owners) {
        if (object.orphansDependents()) {
            return new Orphan(dependents);
        }
        if (object.awaitsDependents()) {
            var blocking = dependents.stream()
                    .filter(dependent -> dependent.object().isBlocking(object.uid()))
                    .toList();
            return blocking.isEmpty() ? new Release() : new Await(blocking);
        }
        if (object.deleting() || object.owners().isEmpty()) {
            return new Keep();
        }
        var leaving = object.ownerUids().stream()
                .filter(uid -> owners.get(uid) != Standing.SOLID)
                .toList();
        if (leaving.size() < object.owners().size()) {
            return leaving.isEmpty() ? new Keep() : new Disown(leaving);
        }
        if (owners.containsValue(Standing.WAITING) && !dependents.isEmpty()) {
            boolean circle = object.blocksOwners()
                    && dependents.stream()
                            .anyMatch(dependent -> dependent.object().awaitsDependents());
            return new Delete("Foreground", circle);
        }
        return new Delete(policy(object), false);
    }

    /// The policy that a finalizer asks for already, or the default.
    private static String policy(Observed object) {
        if (object.finalizers().contains(Observed.ORPHAN)) {
            return "Orphan";
        }
        return object.finalizers().contains(Observed.FOREGROUND) ? "Foreground" : "Background";
    }
}
