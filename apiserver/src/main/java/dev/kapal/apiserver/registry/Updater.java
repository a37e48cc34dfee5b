package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.Admission;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.AdmissionRequest.Operation;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.strategy.Copies;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.codec.Documents;
import java.util.Optional;

/// Changes objects: reads the newest state, computes the next one, writes it if nobody was faster. Who named no
/// version
/// is retried with what the other one wrote. Any thread.
final class Updater {
    /// Enough for any crowd; an endless loop would hide a defect.
    private static final int ATTEMPTS = 100;

    private final Resource resource;
    private final Admission admission;
    private final FieldOwners owners;

    Updater(Resource resource, Admission admission, FieldOwners owners) {
        this.resource = resource;
        this.admission = admission;
        this.owners = owners;
    }

    /// Makes the next state out of the present one; called again when somebody else was faster.
    @FunctionalInterface
    interface Change {
        /// @param stored the present state with its resourceVersion, to be read only
        /// @return complete; a resourceVersion in it is the condition for the write
        ObjectNode apply(ObjectNode stored) throws InterruptedException;
    }

    /// How plugins look at one attempt to change an object.
    interface Gate {
        /// @param incoming may be changed in place
        void mutate(ObjectNode incoming, ObjectNode stored) throws InterruptedException;

        void validate(ObjectNode incoming, ObjectNode stored) throws InterruptedException;
    }

    /// For changes that were admitted in another form: an eviction, a binding.
    static final Gate OPEN = new Gate() {
        @Override
        public void mutate(ObjectNode incoming, ObjectNode stored) {}

        @Override
        public void validate(ObjectNode incoming, ObjectNode stored) {}
    };

    /// Shows plugins the whole object before and after.
    private final class WholeObject implements Gate {
        private final Write write;
        private AdmissionRequest request;

        WholeObject(Write write) {
            this.write = write;
        }

        @Override
        public void mutate(ObjectNode incoming, ObjectNode stored) throws InterruptedException {
            request = resource.admission(Operation.UPDATE, write, Optional.of(incoming), Optional.of(stored));
            admission.mutate(request);
        }

        @Override
        public void validate(ObjectNode incoming, ObjectNode stored) throws InterruptedException {
            admission.validate(request);
        }
    }

    FieldOwners owners() {
        return owners;
    }

    Admission admission() {
        return admission;
    }

    /// Answers with the object as written, or as it was when nothing changed. Throws 404 and 409.
    byte[] update(Write write, Change change) throws InterruptedException {
        return update(write, change, new WholeObject(write));
    }

    byte[] update(Write write, Change change, Gate gate) throws InterruptedException {
        var current = resource.shelf().newest(write.namespace(), write.name());
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            var object = current.orElseThrow(() -> resource.notFound(write.name()));
            var result = attempt(object, write, change, gate);
            switch (result) {
                case Shelf.Outcome.Done done -> {
                    return done.json();
                }
                case Shelf.Outcome.Stale stale -> current = stale.current();
            }
        }
        throw resource.modified(write.name());
    }

    private Shelf.Outcome attempt(CachedObject current, Write write, Change change, Gate gate)
            throws InterruptedException {
        var strategy = resource.strategy().below(write.subresource());
        var stored = resource.forms().read(current);
        var incoming = change.apply(stored);
        checkConditions(incoming, stored, current, write);
        owners.updated(incoming, stored, write);
        gate.mutate(incoming, stored);
        OwnerDuplicates.removeAfterAdmission(Meta.of(incoming), write.warnings());
        prepare(incoming, stored, strategy);
        countGeneration(incoming, stored, strategy);
        var problems = new Problems();
        check(incoming, stored, strategy, write, problems);
        FieldOwners.keepTimes(incoming, stored);
        if (incoming.equals(stored)
                && !resource.forms().isOutdated(current.json())
                && !resource.forms().isIncomplete(current.json(), stored)) {
            gate.validate(incoming, stored);
            return new Shelf.Outcome.Done(current.json(), current.revision());
        }
        try (var claim = strategy.claim(incoming, Optional.of(stored), problems)) {
            resource.refuseIfAny(problems, write.name());
            strategy.warnings(incoming, stored).forEach(write.warnings()::add);
            gate.validate(incoming, stored);
            if (write.dryRun()) {
                return new Shelf.Outcome.Done(Documents.json(incoming), current.revision());
            }
            var outcome = Deleter.isDone(incoming, strategy)
                    ? removed(incoming, current, write)
                    : resource.shelf().replace(write.namespace(), write.name(), incoming, current.revision());
            if (outcome instanceof Shelf.Outcome.Done done) {
                claim.settle(done.revision());
            }
            return outcome;
        }
    }

    /// The last finalizer is gone: the object goes with it, and the answer shows it as it would have been.
    private Shelf.Outcome removed(ObjectNode incoming, CachedObject current, Write write) throws InterruptedException {
        var outcome = resource.shelf().remove(write.namespace(), write.name(), current.revision());
        return outcome instanceof Shelf.Outcome.Done done
                ? new Shelf.Outcome.Done(Documents.json(incoming), done.revision())
                : outcome;
    }

    /// Compares version and uid with what the client insists on.
    private void checkConditions(ObjectNode incoming, ObjectNode before, CachedObject current, Write write) {
        var meta = Meta.of(incoming);
        var stored = Meta.of(before);
        if (!meta.uid().isEmpty() && !meta.uid().equals(stored.uid())) {
            throw resource.conflict(
                    write.name(),
                    "StorageError: invalid object, Code: 4, Key: "
                            + resource.shelf().prefix() + current.key()
                            + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: "
                            + meta.uid() + ", UID in object meta: " + stored.uid());
        }
        var version = meta.resourceVersion();
        if (version.isEmpty() || version.equals("0")) {
            if (!resource.strategy().updatesUnconditionally()) {
                var problems = new Problems();
                problems.invalid("metadata.resourceVersion", 0, "must be specified for an update");
                resource.refuseIfAny(problems, write.name());
            }
            meta.put("resourceVersion", Long.toString(current.revision()));
            return;
        }
        if (ListOptions.revision(version) != current.revision()) {
            throw resource.modified(write.name());
        }
    }

    private void prepare(ObjectNode incoming, ObjectNode stored, Strategy strategy) {
        var meta = Meta.of(incoming);
        var before = Meta.of(stored);
        Creator.placeInNamespace(meta, before.namespace());
        meta.copyIfAbsent("uid", before);
        meta.copy("generation", before);
        if (before.node().has("creationTimestamp")) {
            meta.copy("creationTimestamp", before);
        }
        meta.copyIfAbsent("generateName", before);
        meta.remove("selfLink");
        meta.copy("deletionTimestamp", before);
        meta.copyIfAbsent("deletionGracePeriodSeconds", before);
        if (resource.definition().hasStatus() && !strategy.writesStatus()) {
            Copies.field("status", stored, incoming);
        }
        strategy.onUpdate(incoming, stored);
    }

    private void countGeneration(ObjectNode incoming, ObjectNode stored, Strategy strategy) {
        if (resource.definition().hasGeneration() && !strategy.asksForSame(incoming, stored)) {
            var meta = Meta.of(incoming);
            meta.put("generation", meta.generation() + 1);
        }
    }

    private void check(ObjectNode incoming, ObjectNode stored, Strategy strategy, Write write, Problems problems) {
        var meta = Meta.of(incoming);
        MetaRules.checkUpdate(meta, Meta.of(stored), problems);
        if (problems.isEmpty()) {
            MetaRules.check(meta, resource.definition().namespaced(), strategy, problems);
        }
        strategy.check(incoming, Optional.of(stored), problems);
        resource.refuseIfAny(problems, write.name());
    }
}
