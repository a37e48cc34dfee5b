package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A namespace lives on, Terminating, until its content is gone and its own finalizers are taken off through
/// `/finalize`.
final class NamespaceStrategy implements Strategy {
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";
    private static final String FINALIZER = "kubernetes";
    private static final Set<String> STANDARD = Set.of(FINALIZER, Meta.ORPHAN, Meta.FOREGROUND);

    @Override
    public void onCreate(ObjectNode namespace) {
        namespace.putObject("status").put("phase", "Active");
        var finalizers = spec(namespace).withArray("finalizers");
        for (var finalizer : finalizers) {
            if (finalizer.asText().equals(FINALIZER)) {
                return;
            }
        }
        finalizers.add(FINALIZER);
    }

    @Override
    public void onNamed(ObjectNode namespace) {
        var metadata = Meta.of(namespace);
        metadata.node().withObject("/labels").put(NAME_LABEL, metadata.name());
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        Copies.field("spec", stored, incoming);
        onNamed(incoming);
    }

    @Override
    public void check(ObjectNode namespace, Optional<ObjectNode> stored, Problems problems) {
        for (var finalizer : namespace.path("spec").path("finalizers")) {
            checkFinalizer("spec.finalizers", finalizer.asText(), problems);
        }
    }

    private static void checkFinalizer(String path, String name, Problems problems) {
        problems.invalid(path, name, Names.qualifiedName(name));
        if (name.indexOf('/') < 0 && !STANDARD.contains(name)) {
            problems.invalid(path, name, "name is neither a standard finalizer name nor is it fully qualified");
        }
    }

    @Override
    public Strategy below(String subresource) {
        return subresource.equals("finalize") ? new Finalize() : Strategy.super.below(subresource);
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        var phase = candidate.path("status").path("phase").asText("");
        boolean deleting = Meta.of(candidate).isDeleting();
        if (!deleting && !phase.equals("Active")) {
            problems.invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty");
        }
        if (deleting && !phase.equals("Terminating")) {
            problems.invalid("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
        }
    }

    @Override
    public List<String> nameProblems(String name) {
        return Names.dns1123Label(name);
    }

    @Override
    public void onDelete(ObjectNode marked) {
        Meta.of(marked).remove("deletionGracePeriodSeconds");
        marked.withObject("/status").put("phase", "Terminating");
    }

    @Override
    public boolean isHeld(ObjectNode namespace) {
        return !namespace.path("spec").path("finalizers").isEmpty();
    }

    @Override
    public Set<String> selectable() {
        return Set.of("status.phase");
    }

    @Override
    public Map<String, String> fields(ObjectNode namespace) {
        return Map.of("status.phase", namespace.path("status").path("phase").asText(""));
    }

    private static ObjectNode spec(ObjectNode namespace) {
        return namespace.withObject("/spec");
    }

    /// `/finalize` changes nothing but the namespace's own finalizers.
    private final class Finalize implements Strategy {
        @Override
        public void onUpdate(ObjectNode incoming, ObjectNode stored) {
            JsonNode finalizers = incoming.path("spec").get("finalizers");
            Copies.field("spec", stored, incoming);
            var spec = spec(incoming).deepCopy();
            if (finalizers == null || finalizers.isEmpty()) {
                spec.remove("finalizers");
            } else {
                spec.set("finalizers", finalizers);
            }
            incoming.set("spec", spec);
        }

        @Override
        public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
            var finalizers = candidate.path("spec").path("finalizers");
            for (int i = 0; i < finalizers.size(); i++) {
                checkFinalizer(
                        Problems.at("spec.finalizers", i), finalizers.get(i).asText(), problems);
            }
        }

        @Override
        public List<String> nameProblems(String name) {
            return NamespaceStrategy.this.nameProblems(name);
        }

        @Override
        public boolean isHeld(ObjectNode namespace) {
            return NamespaceStrategy.this.isHeld(namespace);
        }
    }
}
