package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.Admission;
import dev.kapal.apiserver.admission.AdmissionRequest.Operation;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.registry.DeleteOptions.Policy;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.base.time.Time;
import dev.kapal.model.GroupResource;
import dev.kapal.model.codec.Documents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Deletes objects. An object that takes its time (a pod that ends gracefully, anything with finalizers) is marked,
/// and
/// goes when the last reason to keep it goes. Any thread.
///
/// Source: API concepts, finalizers and garbage collection; upstream's order of marking and removing.
final class Deleter {
    private final Resource resource;
    private final Admission admission;
    private final Time time;

    Deleter(Resource resource, Admission admission, Time time) {
        this.resource = resource;
        this.admission = admission;
        this.time = time;
    }

    /// What became of the object.
    ///
    /// @param gone whether it is removed, not only marked
    record Deleted(ObjectNode object, boolean gone) {}

    /// What to do with the object as it is now.
    private sealed interface Step {
        record Remove() implements Step {}

        /// @param thenRemove the mark is only so that watchers see it
        record Mark(ObjectNode marked, boolean thenRemove) implements Step {}

        /// It is being deleted already and nothing changes.
        record Leave() implements Step {}
    }

    /// Whether nothing keeps an object that was marked for deletion.
    static boolean isDone(ObjectNode object, Strategy strategy) {
        var meta = Meta.of(object);
        return meta.isDeleting()
                && meta.finalizers().isEmpty()
                && meta.deletionGracePeriodSeconds().orElse(0) == 0
                && !strategy.isHeld(object);
    }

    /// Throws 404 and 409.
    Deleted delete(Write write, DeleteOptions options) throws InterruptedException {
        return delete(write, options, stored -> admit(write, options, stored));
    }

    /// Whether an object may go; called with each state of it that is about to be deleted.
    @FunctionalInterface
    interface Gate {
        void admit(ObjectNode stored) throws InterruptedException;
    }

    private void admit(Write write, DeleteOptions options, ObjectNode stored) throws InterruptedException {
        var request =
                resource.admission(Operation.DELETE, write, Optional.empty(), Optional.of(stored), options.document());
        admission.mutate(request);
        admission.validate(request);
    }

    Deleted delete(Write write, DeleteOptions options, Gate gate) throws InterruptedException {
        if (options.policy().isEmpty() && options.orphanDependents().isEmpty()) {
            resource.strategy().deleteWarnings().forEach(write.warnings()::add);
        }
        var current = resource.shelf().newest(write.namespace(), write.name());
        while (true) {
            var object = current.orElseThrow(() -> resource.notFound(write.name()));
            var stored = resource.forms().read(object);
            checkPreconditions(stored, options);
            gate.admit(stored);
            var step = step(stored, options);
            switch (step) {
                case Step.Leave leave -> {
                    return new Deleted(stored, false);
                }
                case Step.Remove remove -> {
                    var outcome = write.dryRun() ? done(object) : remove(write, object.revision());
                    if (outcome instanceof Shelf.Outcome.Stale stale) {
                        current = stale.current();
                    } else {
                        return new Deleted(stored, true);
                    }
                }
                case Step.Mark(var marked, boolean thenRemove) -> {
                    switch (write.dryRun() ? done(object) : mark(write, marked, object)) {
                        case Shelf.Outcome.Stale stale -> current = stale.current();
                        case Shelf.Outcome.Done done -> {
                            if (thenRemove && !write.dryRun()) {
                                removeMarked(write, done);
                            }
                            return new Deleted(write.dryRun() ? marked : Documents.read(done.json()), thenRemove);
                        }
                    }
                }
            }
        }
    }

    private Shelf.Outcome mark(Write write, ObjectNode marked, CachedObject object) throws InterruptedException {
        return resource.shelf().replace(write.namespace(), write.name(), marked, object.revision());
    }

    private Shelf.Outcome remove(Write write, long revision) throws InterruptedException {
        return resource.shelf().remove(write.namespace(), write.name(), revision);
    }

    /// Removes what was just marked; others may have written or removed it meanwhile, and either is fine.
    private void removeMarked(Write write, Shelf.Outcome.Done marked) throws InterruptedException {
        var outcome = remove(write, marked.revision());
        while (outcome instanceof Shelf.Outcome.Stale stale) {
            if (stale.current().isEmpty()
                    || !isDone(resource.forms().read(stale.current().get()), resource.strategy())) {
                return;
            }
            outcome = remove(write, stale.current().get().revision());
        }
    }

    private static Shelf.Outcome done(CachedObject object) {
        return new Shelf.Outcome.Done(object.json(), object.revision());
    }

    private Step step(ObjectNode stored, DeleteOptions options) {
        var meta = Meta.of(stored);
        var strategy = resource.strategy();
        var asked = options.gracePeriodSeconds();
        if (asked.isPresent() && asked.getAsLong() < 0) {
            asked = OptionalLong.of(1);
        }
        var marked = stored.deepCopy();
        var finalizers = finalizers(meta.finalizers(), options);
        boolean kept = !finalizers.isEmpty() || strategy.isHeld(stored);
        var grace = strategy.grace(stored, asked);
        if (grace.isEmpty()) {
            if (!kept) {
                return new Step.Remove();
            }
            markNow(marked, meta, finalizers);
            return marked.equals(stored) ? new Step.Leave() : new Step.Mark(marked, false);
        }
        if (!meta.isDeleting()) {
            startGrace(marked, grace.getAsLong(), finalizers);
            return new Step.Mark(marked, grace.getAsLong() == 0 && !kept);
        }
        return shorten(marked, meta, asked, finalizers);
    }

    /// Marks an object that waits for its finalizers only.
    private void markNow(ObjectNode marked, Meta before, List<String> finalizers) {
        var meta = Meta.of(marked);
        meta.finalizers(finalizers);
        var now = time.instant();
        if (before.deletionTimestamp().map(t -> t.isAfter(now)).orElse(true)) {
            meta.put("deletionTimestamp", now);
            if (!before.isDeleting()) {
                countGeneration(meta);
            }
        }
        meta.put("deletionGracePeriodSeconds", 0);
        resource.strategy().onDelete(marked);
    }

    private void startGrace(ObjectNode marked, long grace, List<String> finalizers) {
        var meta = Meta.of(marked);
        meta.finalizers(finalizers);
        meta.put("deletionTimestamp", time.instant().plusSeconds(grace));
        meta.put("deletionGracePeriodSeconds", grace);
        countGeneration(meta);
        resource.strategy().onDelete(marked);
    }

    /// A second delete can only make the grace period shorter.
    private Step shorten(ObjectNode marked, Meta before, OptionalLong asked, List<String> finalizers) {
        var given = before.deletionGracePeriodSeconds();
        if (given.isEmpty()) {
            return new Step.Remove();
        }
        if (asked.isEmpty() || asked.getAsLong() >= given.getAsLong()) {
            boolean finished = given.getAsLong() == 0 && finalizers.isEmpty();
            return finished ? new Step.Remove() : new Step.Leave();
        }
        var meta = Meta.of(marked);
        var end = before.deletionTimestamp().orElse(Instant.EPOCH);
        meta.put("deletionTimestamp", end.minusSeconds(given.getAsLong()).plusSeconds(asked.getAsLong()));
        meta.put("deletionGracePeriodSeconds", asked.getAsLong());
        meta.finalizers(finalizers);
        return new Step.Mark(marked, asked.getAsLong() == 0 && finalizers.isEmpty());
    }

    private static void countGeneration(Meta meta) {
        if (meta.generation() > 0) {
            meta.put("generation", meta.generation() + 1);
        }
    }

    /// The finalizers with those of garbage collection as the options ask for.
    private List<String> finalizers(List<String> present, DeleteOptions options) {
        if (!resource.strategy().collectsGarbage()) {
            return present;
        }
        var result = new ArrayList<>(present);
        result.remove(Meta.ORPHAN);
        result.remove(Meta.FOREGROUND);
        boolean orphans = present.contains(Meta.ORPHAN)
                || resource.strategy().orphansByDefault() && !present.contains(Meta.FOREGROUND);
        if (wants(Policy.ORPHAN, orphans, options)) {
            result.add(Meta.ORPHAN);
        }
        if (wants(Policy.FOREGROUND, present.contains(Meta.FOREGROUND), options)) {
            result.add(Meta.FOREGROUND);
        }
        return result.size() == present.size() && result.containsAll(present) ? present : result;
    }

    private static boolean wants(Policy policy, boolean present, DeleteOptions options) {
        if (options.orphanDependents().isPresent()) {
            return policy == Policy.ORPHAN && options.orphanDependents().get();
        }
        return options.policy().map(p -> p == policy).orElse(present);
    }

    private void checkPreconditions(ObjectNode stored, DeleteOptions options) {
        var meta = Meta.of(stored);
        // upstream puts the kind where a resource belongs
        var kind = new GroupResource(
                resource.definition().groupVersion().group(),
                resource.definition().kind());
        options.uid().filter(uid -> !uid.equals(meta.uid())).ifPresent(uid -> {
            throw ApiException.conflict(
                    kind,
                    meta.name(),
                    "the UID in the precondition (" + uid + ") does not match the UID in record (" + meta.uid()
                            + "). The object might have been deleted and then recreated");
        });
        options.resourceVersion()
                .filter(version -> !version.equals(meta.resourceVersion()))
                .ifPresent(version -> {
                    throw ApiException.conflict(
                            kind,
                            meta.name(),
                            "the ResourceVersion in the precondition (" + version
                                    + ") does not match the ResourceVersion in record (" + meta.resourceVersion()
                                    + "). The object might have been modified");
                });
    }
}
