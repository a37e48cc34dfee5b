package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Meta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/resize`: what the containers of a pod may use, and nothing else of it. Source: Kubernetes enhancement 1287,
/// in-place
/// update of pod resources.
final class ResizeStrategy implements Strategy {
    private static final List<String> LISTS = List.of("containers", "initContainers");
    private static final List<String> TAKEN = List.of("resources", "resizePolicy");
    private static final List<String> RESIZABLE = List.of("cpu", "memory");

    private final PodStrategy pods;

    ResizeStrategy(PodStrategy pods) {
        this.pods = pods;
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        var spec = stored.withObject("/spec").deepCopy();
        for (var list : LISTS) {
            var wanted = byName(incoming.path("spec").path(list));
            for (var container : spec.path(list)) {
                var next = wanted.get(container.path("name").asText(""));
                if (next != null) {
                    TAKEN.forEach(field -> Copies.field(field, (ObjectNode) next, (ObjectNode) container));
                }
            }
        }
        var metadata = stored.withObject("/metadata").deepCopy();
        metadata.put("resourceVersion", Meta.of(incoming).resourceVersion());
        incoming.set("spec", spec);
        incoming.set("metadata", metadata);
        Copies.field("status", stored, incoming);
    }

    private static Map<String, JsonNode> byName(JsonNode containers) {
        var named = new HashMap<String, JsonNode>();
        containers.forEach(container -> named.put(container.path("name").asText(""), container));
        return named;
    }

    @Override
    public void check(ObjectNode pod, Optional<ObjectNode> stored, Problems problems) {
        var before = stored.orElseThrow();
        if (hasOwnResources(before)) {
            problems.forbidden("[]", "pods with pod-level resources cannot be resized");
        } else if (PodAnnotationRules.isMirror(before)) {
            problems.forbidden("[]", "static pods cannot be resized");
        } else if (before.path("spec").path("os").path("name").asText("").equals("windows")) {
            problems.forbidden("[]", "windows pods cannot be resized");
        } else {
            checkResize(pod, before, problems);
        }
    }

    private static boolean hasOwnResources(ObjectNode pod) {
        var resources = pod.path("spec").path("resources");
        return !resources.path("requests").isEmpty()
                || !resources.path("limits").isEmpty();
    }

    private static void checkResize(ObjectNode pod, ObjectNode before, Problems problems) {
        PodRules.checkPod(pod, problems);
        if (!QosClass.of(pod.path("spec")).equals(QosClass.of(before.path("spec")))) {
            problems.invalid(
                    "spec",
                    before.path("status").path("qosClass").asText(""),
                    "Pod QOS Class may not change as a result of resizing");
        }
        if (!isSupported(before)) {
            problems.forbidden("spec", "Pod running on node without support for resize");
        }
        forEach(pod, before, (path, now, old) -> {
            if (path.startsWith("spec.containers") || isSidecar(old)) {
                checkNothingRemoved(path + ".resources", now, old, problems);
            }
        });
        forEach(pod, before, (path, now, old) -> {
            boolean init = path.startsWith("spec.initContainers");
            if (init && !isSidecar(old)) {
                if (!now.equals(old)) {
                    problems.forbidden("spec", "resources for non-sidecar init containers are immutable");
                }
            } else if (!leveled(now, old).equals(old.path("resources"))) {
                problems.forbidden(
                        "spec",
                        init
                                ? "only cpu and memory resources for sidecar containers are mutable"
                                : "only cpu and memory resources are mutable");
            }
        });
    }

    /// Looks at one container, now and before.
    private interface Pair {
        void look(String path, JsonNode now, JsonNode before);
    }

    private static void forEach(ObjectNode pod, ObjectNode stored, Pair pair) {
        for (var list : List.of("initContainers", "containers")) {
            var before = stored.path("spec").path(list);
            for (int i = 0; i < before.size(); i++) {
                var now = pod.path("spec").path(list).path(i);
                pair.look(Problems.at("spec." + list, i), now, before.get(i));
            }
        }
    }

    private static boolean isSidecar(JsonNode container) {
        return container.path("restartPolicy").asText("").equals("Always");
    }

    /// An agent that can resize says what running containers have.
    private static boolean isSupported(ObjectNode pod) {
        for (var container : pod.path("status").path("containerStatuses")) {
            if (container.path("state").has("running")) {
                return container.has("resources");
            }
        }
        return true;
    }

    private static void checkNothingRemoved(String path, JsonNode now, JsonNode before, Problems problems) {
        for (var kind : List.of("requests", "limits")) {
            var present = now.path("resources").path(kind);
            boolean kept = before.path("resources").path(kind).properties().stream()
                    .allMatch(amount -> present.has(amount.getKey()));
            if (!kept) {
                problems.forbidden(path + "." + kind, "resource " + kind + " cannot be removed");
            }
        }
    }

    /// What a container has, with what it had of all that may change.
    private static JsonNode leveled(JsonNode container, JsonNode before) {
        var resources = (ObjectNode) container.path("resources").deepCopy();
        for (var kind : List.of("requests", "limits")) {
            var old = before.path("resources").path(kind);
            var amounts = resources.withObjectProperty(kind);
            for (var name : RESIZABLE) {
                amounts.remove(name);
                if (old.has(name)) {
                    amounts.set(name, old.get(name));
                }
            }
            if (amounts.isEmpty() && !before.path("resources").has(kind)) {
                resources.remove(kind);
            }
        }
        return resources;
    }

    @Override
    public boolean isHeld(ObjectNode object) {
        return pods.isHeld(object);
    }
}
