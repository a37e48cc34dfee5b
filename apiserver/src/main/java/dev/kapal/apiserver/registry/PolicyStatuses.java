package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.policy.TypeCheck;
import dev.kapal.apiserver.cache.CacheEvent;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.cache.Cursor;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import java.time.Duration;

/// Writes into the status of each ValidatingAdmissionPolicy what its expressions get wrong about the types that it
/// names. Here and not among the controllers, because only the server knows all schemas. One thread.
final class PolicyStatuses {
    private static final Log log = Log.of(PolicyStatuses.class);
    private static final Duration CALM = Duration.ofMillis(50);
    /// An event wakes earlier.
    private static final Duration WAIT = Duration.ofMinutes(5);

    private final Shelf shelf;
    private final TypeCheck types;
    private final Time time;

    PolicyStatuses(Shelf shelf, TypeCheck types, Time time) {
        this.shelf = shelf;
        this.types = types;
        this.time = time;
    }

    void run() throws InterruptedException {
        while (true) {
            try (var cursor = shelf.cache().follow()) {
                for (var object : shelf.all("")) {
                    settle(object);
                }
                while (true) {
                    follow(cursor);
                }
            } catch (Cursor.FellBehindException tooMany) {
                log.info("more policies than can be followed, reading them all again");
                time.sleep(CALM);
            }
        }
    }

    private void follow(Cursor cursor) throws InterruptedException {
        for (var event = cursor.poll(); event.isPresent(); event = cursor.poll()) {
            if (event.get().type() != CacheEvent.Type.DELETED) {
                settle(event.get().object());
            }
        }
        cursor.await(WAIT.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /// Whoever was faster comes by again with what he wrote.
    private void settle(CachedObject object) throws InterruptedException {
        var policy = object.document();
        long generation = policy.path("metadata").path("generation").asLong();
        if (policy.path("status").path("observedGeneration").asLong() == generation
                || policy.path("metadata").has("deletionTimestamp")) {
            return;
        }
        try {
            var warnings = types.warnings(policy.path("spec"));
            ObjectNode status = policy.withObjectProperty("status");
            status.put("observedGeneration", generation);
            var checked = status.putObject("typeChecking");
            if (!warnings.isEmpty()) {
                checked.set("expressionWarnings", warnings);
            }
            shelf.replace(object.namespace(), object.name(), policy, object.revision());
        } catch (RuntimeException failure) {
            log.error("policy not checked", failure, "policy", object.name());
        }
    }
}
