package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.Admission;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.AdmissionRequest.Operation;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.apiserver.api.RandomNames;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.base.time.Time;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.defaults.Defaults;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Creates objects: admission, what the server fills in, the kind's own rules, validation, the write. Any thread.
final class Creator {
    private static final int NAME_ATTEMPTS = 8;

    private final Resource resource;
    private final Admission admission;
    private final FieldOwners owners;
    private final Time time;
    private final RandomGenerator random;

    Creator(Resource resource, Admission admission, FieldOwners owners, Time time, RandomGenerator random) {
        this.resource = resource;
        this.admission = admission;
        this.owners = owners;
        this.time = time;
        this.random = random;
    }

    /// Answers with the object as written.
    ///
    /// @param incoming complete, and the caller's to give away
    byte[] create(ObjectNode incoming, Write write) throws InterruptedException {
        var meta = Meta.of(incoming);
        placeInNamespace(meta, write.namespace());
        wipe(meta);
        owners.created(incoming, write);
        var request =
                resource.admission(Operation.CREATE, write.named(meta.name()), Optional.of(incoming), Optional.empty());
        admission.mutate(request);
        meta = Meta.of(incoming); // a plugin may have put another one in its place
        OwnerDuplicates.removeAfterAdmission(meta, write.warnings());
        placeInNamespace(meta, write.namespace());
        fillIn(incoming, meta);
        resource.strategy().preparationWarnings(incoming).forEach(write.warnings()::add);
        resource.strategy().onCreate(incoming, write.user());
        boolean generates = meta.name().isEmpty() && !meta.generateName().isEmpty();
        for (int attempt = 1; ; attempt++) {
            if (generates) {
                meta.put("name", RandomNames.generate(meta.generateName(), random));
            }
            var written = attempt(incoming, meta, write, request);
            if (written.isPresent()) {
                return written.get();
            }
            if (!generates) {
                throw exists(write.namespace(), meta.name());
            }
            if (attempt == NAME_ATTEMPTS) {
                throw ApiException.generateNameConflict(resource.definition().groupResource(), meta.name());
            }
        }
    }

    /// Takes the namespace of the request over into the object, or refuses another one.
    static void placeInNamespace(Meta meta, String namespace) {
        if (namespace.isEmpty()) {
            return; // what has no place is told by validation
        }
        if (meta.namespace().isEmpty()) {
            meta.put("namespace", namespace);
        } else if (!meta.namespace().equals(namespace)) {
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    /// What no client may say of a new object; plugins do not see it either.
    private static void wipe(Meta meta) {
        meta.remove("uid");
        meta.remove("creationTimestamp");
        meta.remove("deletionTimestamp");
        meta.remove("deletionGracePeriodSeconds");
        meta.remove("selfLink");
    }

    private void fillIn(ObjectNode incoming, Meta meta) {
        wipe(meta);
        meta.remove("resourceVersion");
        meta.put("uid", RandomNames.uid(random));
        meta.put("creationTimestamp", time.instant());
        if (resource.definition().hasStatus() && !resource.strategy().keepsStatusOnCreate()) {
            Defaults.reset(resource.definition().schema(), incoming, "status");
        }
        if (resource.definition().hasGeneration()) {
            meta.put("generation", 1);
        } else {
            meta.remove("generation");
        }
    }

    /// Empty when an object of this name is there already.
    private Optional<byte[]> attempt(ObjectNode incoming, Meta meta, Write write, AdmissionRequest request)
            throws InterruptedException {
        var strategy = resource.strategy();
        strategy.onNamed(incoming);
        var problems = new Problems();
        MetaRules.check(meta, resource.definition().namespaced(), strategy, problems);
        strategy.check(incoming, Optional.empty(), problems);
        resource.refuseIfAny(problems, meta.name());
        try (var claim = strategy.claim(incoming, Optional.empty(), problems)) {
            resource.refuseIfAny(problems, meta.name());
            strategy.warnings(incoming).forEach(write.warnings()::add);
            admission.validate(request);
            if (write.dryRun()) {
                return resource.shelf().newest(write.namespace(), meta.name()).isPresent()
                        ? Optional.empty()
                        : Optional.of(Documents.json(incoming));
            }
            return switch (resource.shelf().create(write.namespace(), meta.name(), incoming)) {
                case Shelf.Outcome.Done done -> {
                    claim.settle(done.revision());
                    yield Optional.of(done.json());
                }
                case Shelf.Outcome.Stale stale -> Optional.empty();
            };
        }
    }

    private ApiException exists(String namespace, String name) throws InterruptedException {
        var refusal = ApiException.alreadyExists(resource.definition().groupResource(), name);
        var current = resource.shelf().newest(namespace, name);
        if (current.isEmpty() || !Meta.of(current.get().document()).isDeleting()) {
            return refusal;
        }
        var status = refusal.status();
        return new ApiException(Status.failure(
                status.code(),
                status.reason(),
                "object is being deleted: " + status.message(),
                status.details().orElseThrow()));
    }
}
