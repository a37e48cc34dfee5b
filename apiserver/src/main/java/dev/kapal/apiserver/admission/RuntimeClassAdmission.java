package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Adds to a pod what its RuntimeClass costs (overhead) and where its runtime is (node selector, tolerations).
final class RuntimeClassAdmission implements AdmissionPlugin.Mutating, AdmissionPlugin.Validating {
    private static final GroupVersionResource CLASSES = new GroupVersionResource("node.k8s.io", "v1", "runtimeclasses");
    private static final String MISMATCH = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

    private final ObjectReader objects;

    RuntimeClassAdmission(ObjectReader objects) {
        this.objects = objects;
    }

    @Override
    public String name() {
        return "RuntimeClass";
    }

    @Override
    public void mutate(AdmissionRequest request) throws InterruptedException {
        if (!isConcerned(request) || !(request.object().orElseThrow().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        var runtime = runtime(request, spec);
        if (runtime.isEmpty()) {
            return;
        }
        var overhead = runtime.get().path("overhead");
        if (overhead.isObject()) {
            var fixed = overhead.path("podFixed");
            if (spec.has("overhead") && !isSame(fixed, spec.get("overhead"))) {
                throw request.forbidden(MISMATCH);
            }
            if (fixed.isObject()) {
                spec.set("overhead", fixed.deepCopy());
            }
        }
        schedule(request, spec, runtime.get().path("scheduling"));
    }

    private static void schedule(AdmissionRequest request, ObjectNode spec, JsonNode scheduling) {
        for (var label : scheduling.path("nodeSelector").properties()) {
            var key = label.getKey();
            var wanted = label.getValue().asText();
            var selector = spec.withObjectProperty("nodeSelector");
            if (selector.has(key) && !selector.get(key).asText().equals(wanted)) {
                throw request.forbidden("conflict: runtimeClass.scheduling.nodeSelector[" + key + "] = " + wanted
                        + "; pod.spec.nodeSelector[" + key + "] = "
                        + selector.get(key).asText());
            }
            selector.put(key, wanted);
        }
        if (!scheduling.path("tolerations").isEmpty()) {
            var tolerations = spec.withArrayProperty("tolerations");
            for (var toleration : scheduling.path("tolerations")) {
                addIfNew(tolerations, toleration);
            }
        }
    }

    private static void addIfNew(ArrayNode tolerations, JsonNode added) {
        for (var present : tolerations) {
            if (present.equals(added)) {
                return;
            }
        }
        tolerations.add(added.deepCopy());
    }

    @Override
    public void validate(AdmissionRequest request) throws InterruptedException {
        if (!isConcerned(request)) {
            return;
        }
        var spec = request.object().orElseThrow().path("spec");
        var overhead = runtime(request, spec).map(runtime -> runtime.path("overhead"));
        if (overhead.isPresent() && overhead.get().isObject()) {
            if (!isSame(overhead.get().path("podFixed"), spec.path("overhead"))) {
                throw request.forbidden(MISMATCH);
            }
        } else if (spec.has("overhead")) {
            throw request.forbidden(
                    "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
        }
    }

    private static boolean isConcerned(AdmissionRequest request) {
        return request.isCreate() && request.isCore("pods");
    }

    private Optional<ObjectNode> runtime(AdmissionRequest request, JsonNode spec) throws InterruptedException {
        if (!spec.has("runtimeClassName")) {
            return Optional.empty();
        }
        var name = spec.path("runtimeClassName").asText("");
        var found = objects.find(CLASSES, "", name);
        if (found.isEmpty()) {
            throw request.forbidden("pod rejected: RuntimeClass \"" + name + "\" not found");
        }
        return found;
    }

    /// Whether two lists of amounts mean the same, however they are written.
    private static boolean isSame(JsonNode one, JsonNode other) {
        if (one.size() != other.size()) {
            return false;
        }
        List<String> names = new ArrayList<>();
        one.fieldNames().forEachRemaining(names::add);
        return names.stream()
                .allMatch(name -> other.has(name)
                        && Quantity.parse(one.get(name).asText())
                                        .compareTo(
                                                Quantity.parse(other.get(name).asText()))
                                == 0);
    }
}
