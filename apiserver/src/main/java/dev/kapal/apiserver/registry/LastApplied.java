package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.apply.ApplyException;
import dev.kapal.model.apply.FieldManagement;
import dev.kapal.model.apply.FieldManagement.Applied;
import dev.kapal.model.apply.FieldSet;
import dev.kapal.model.apply.Ownership;
import dev.kapal.model.apply.Writer;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The passage from client-side to server-side apply: kubectl keeps what it applied last in an annotation, and is not
/// refused fields that it owned by it. Only a manager called `kubectl` is met like this.
final class LastApplied {
    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final String KUBECTL = "kubectl";
    /// Of all annotations of an object, in bytes.
    private static final int ANNOTATIONS_LIMIT = 256 * 1024;

    private LastApplied() {}

    /// One apply to be tried.
    ///
    /// @param live empty when there is nothing yet
    /// @param name for messages
    record Apply(
            FieldManagement management,
            Optional<ObjectNode> live,
            ObjectNode config,
            Ownership owners,
            Writer writer,
            String time,
            String name) {

        Applied run(boolean force) {
            return management.apply(live, config, owners, writer, force, time, name);
        }
    }

    /// Throws [ApplyException].
    static Applied apply(Apply apply, boolean force) {
        try {
            return apply.run(force);
        } catch (ApplyException.Conflicted conflicted) {
            if (!apply.writer.manager().equals(KUBECTL)) {
                throw conflicted;
            }
            var owned = owned(apply);
            if (owned.isEmpty()) {
                throw conflicted;
            }
            var left = conflicted.without(owned.get());
            if (left.isPresent()) {
                throw left.get();
            }
            return apply.run(true);
        }
    }

    /// The fields that kubectl owned when it applied on its side; empty when it did not, or when that says nothing.
    private static Optional<FieldSet> owned(Apply apply) {
        var text = apply.live
                .map(l ->
                        l.path("metadata").path("annotations").path(ANNOTATION).asText(""))
                .orElse("");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            var lastApplied = DocumentDecoder.value(text.getBytes(StandardCharsets.UTF_8));
            return lastApplied.path("apiVersion").asText().equals(apply.management.apiVersion())
                    ? Optional.of(apply.management.ownedByLastApplied(apply.live.orElseThrow(), lastApplied))
                    : Optional.empty();
        } catch (DecodeException malformed) {
            return Optional.empty();
        }
    }

    /// Keeps the annotation true for whoever goes back to client-side apply.
    static void sync(ObjectNode document, ObjectNode config, Write write) {
        if (!write.manager().equals(KUBECTL)
                || !(document.path("metadata").get("annotations") instanceof ObjectNode annotations)
                || annotations.path(ANNOTATION).asText("").isEmpty()) {
            return;
        }
        var applied = config.deepCopy();
        if (applied.path("metadata").get("annotations") instanceof ObjectNode said) {
            said.remove(ANNOTATION);
        }
        annotations.put(ANNOTATION, Documents.text(applied) + "\n");
        if (size(annotations) > ANNOTATIONS_LIMIT) {
            annotations.remove(ANNOTATION);
        }
    }

    private static int size(ObjectNode annotations) {
        int size = 0;
        for (var entry : annotations.properties()) {
            size += entry.getKey().getBytes(StandardCharsets.UTF_8).length
                    + entry.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
        }
        return size;
    }
}
