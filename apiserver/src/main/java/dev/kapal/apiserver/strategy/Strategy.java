package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.User;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Names;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.GoText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What is special about one kind. The pipeline calls these hooks in one fixed order and does everything else.
/// Documents
/// are complete (decoded, pruned, defaulted) and the caller's own: hooks change them in place. Implementations are
/// stateless or safe for any thread.
public interface Strategy {
    /// For [#keptByStatus()] of kinds whose status is not the place for anything else.
    Set<String> METADATA = Set.of("labels", "annotations", "finalizers", "ownerReferences");

    /// What a client should know of what [#onCreate(ObjectNode)] does to the object.
    default List<String> preparationWarnings(ObjectNode incoming) {
        return List.of();
    }

    /// What the server sets or drops on a new object, after its metadata is filled in.
    default void onCreate(ObjectNode incoming) {}

    /// As [#onCreate(ObjectNode)], for kinds that note who makes them.
    default void onCreate(ObjectNode incoming, User user) {
        onCreate(incoming);
    }

    /// What follows from the name, which may have been generated only now.
    default void onNamed(ObjectNode incoming) {}

    /// The rules for requests in a version whose clients may do more or less than those of the stored one.
    default Strategy servedAs(ResourceDefinition version) {
        return this;
    }

    /// Whether a client may give a new object its status; otherwise it begins without.
    default boolean keepsStatusOnCreate() {
        return false;
    }

    /// What an update cannot change silently. `status` is kept apart by the pipeline.
    default void onUpdate(ObjectNode incoming, ObjectNode stored) {}

    /// The rules for writes through a subresource.
    default Strategy below(String subresource) {
        return subresource.equals("status") ? new StatusStrategy(this) : this;
    }

    /// Whether these writes may change the status.
    default boolean writesStatus() {
        return false;
    }

    /// The fields of the metadata that a write of `/status` leaves as they are, and that nobody owns by it.
    default Set<String> keptByStatus() {
        return Set.of();
    }

    /// What a write of `/status` cannot change silently; it has everything but `status` and `metadata` from `stored`.
    default void onStatusUpdate(ObjectNode incoming, ObjectNode stored) {}

    /// Adds every problem of `candidate`, not the first; its metadata has been looked at already.
    ///
    /// @param stored the object before an update
    default void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {}

    default void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {}

    /// What a client should know although its write is accepted.
    default List<String> warnings(ObjectNode candidate) {
        return List.of();
    }

    /// The same for an update.
    default List<String> warnings(ObjectNode candidate, ObjectNode stored) {
        return warnings(candidate);
    }

    /// The same for a write of `/status`.
    default List<String> statusWarnings(ObjectNode candidate) {
        return List.of();
    }

    /// What users of a kind hear that is on its way out.
    default Optional<String> deprecation() {
        return Optional.empty();
    }

    /// What is wrong with a name; no prefix of a generated name is longer than a name without its five characters.
    default List<String> nameProblems(String name) {
        return Names.dns1123Subdomain(name);
    }

    /// Whether a finalizer without a domain must be one of Kubernetes' own; definitions and custom resources are freer.
    default boolean limitsFinalizers() {
        return true;
    }

    /// Takes what must be unique (addresses, ports) and writes it into `candidate`. What is taken is held until the
    /// claim is closed, after the write is visible or has failed.
    default Claim claim(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems)
            throws InterruptedException {
        return Claim.NOTHING;
    }

    /// The fields that a field selector may name, besides `metadata.name` and `metadata.namespace`.
    default Set<String> selectable() {
        return Set.of();
    }

    /// What a client of `kind` hears that selects by another field.
    default String notSelectable(GroupVersionKind kind, String field) {
        return selectable().isEmpty()
                ? GoText.quote(field) + " is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                : "field label not supported: " + field;
    }

    /// The values of the selectable fields of `object`.
    default Map<String, String> fields(ObjectNode object) {
        return Map.of();
    }

    /// How long the object may take to end, in seconds; empty for kinds that end at once.
    ///
    /// @param asked what the client asked for
    default OptionalLong grace(ObjectNode object, OptionalLong asked) {
        return OptionalLong.empty();
    }

    /// What changes when the object is marked for deletion.
    default void onDelete(ObjectNode marked) {}

    /// Whether there is more than finalizers that keeps a deleted object (a namespace's content).
    default boolean isHeld(ObjectNode object) {
        return false;
    }

    /// Whether an update of what does not exist creates it.
    default boolean createsOnUpdate() {
        return false;
    }

    /// Whether an update may leave out the resourceVersion.
    default boolean updatesUnconditionally() {
        return true;
    }

    /// Whether deleting takes dependents into account.
    default boolean collectsGarbage() {
        return true;
    }

    /// Whether a delete that does not say so leaves the dependents alone.
    default boolean orphansByDefault() {
        return false;
    }

    /// What a client should know of a delete that says nothing of the dependents.
    default List<String> deleteWarnings() {
        return List.of();
    }

    /// Whether a delete answers with the object rather than with a `Status`.
    default boolean showsDeleted() {
        return false;
    }

    /// Whether two states ask for the same; a difference counts for `metadata.generation`.
    default boolean asksForSame(ObjectNode one, ObjectNode other) {
        return one.path("spec").equals(other.path("spec"));
    }

    /// What an object holds while its write is under way: closed when the write failed or is visible.
    interface Claim extends AutoCloseable {
        Claim NOTHING = new Claim() {
            @Override
            public void settle(long revision) {}

            @Override
            public void close() {}
        };

        /// The write succeeded as `revision`.
        void settle(long revision) throws InterruptedException;

        @Override
        void close();
    }
}
