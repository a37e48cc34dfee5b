package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Meta;
import java.util.HashMap;
import java.util.HashSet;
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
        if (isStatic(before)) {
            problems.forbidden("[]", "static pods cannot be resized");
            return;
        }
        if (!isSupported(before)) {
            problems.forbidden("[]", "Pod running on node without support for resize");
            return;
        }
        PodRules.checkSpec("spec", pod.path("spec"), problems);
        var quality = QosClass.of(pod.path("spec"));
        if (!quality.equals(QosClass.of(before.path("spec")))) {
            problems.invalid("spec", quality, "Pod QOS Class may not change as a result of resizing");
        }
        for (var list : LISTS) {
            var old = before.path("spec").path(list);
            for (int i = 0; i < old.size(); i++) {
                checkContainer(
                        Problems.at("spec." + list, i),
                        list,
                        pod.path("spec").path(list).path(i),
                        old.get(i),
                        problems);
            }
        }
    }

    private static boolean isStatic(ObjectNode pod) {
        var source = pod.path("metadata")
                .path("annotations")
                .path("kubernetes.io/config.source")
                .asText("api");
        return !source.equals("api");
    }

    /// An agent that can resize says what running containers have.
    private static boolean isSupported(ObjectNode pod) {
        for (var container : pod.path("status").path("containerStatuses")) {
            if (container.path("state").has("running") && !container.has("resources")) {
                return false;
            }
        }
        return true;
    }

    private static void checkContainer(
            String path, String list, JsonNode container, JsonNode before, Problems problems) {
        if (container.path("resources").equals(before.path("resources"))) {
            return;
        }
        if (list.equals("initContainers")
                && !before.path("restartPolicy").asText("").equals("Always")) {
            problems.forbidden(path + ".resources", "resources for non-sidecar init containers are immutable");
            return;
        }
        for (var kind : List.of("limits", "requests")) {
            var now = container.path("resources").path(kind);
            var old = before.path("resources").path(kind);
            var names = new HashSet<String>();
            now.fieldNames().forEachRemaining(names::add);
            old.fieldNames().forEachRemaining(names::add);
            for (var name : names) {
                if (now.path(name).equals(old.path(name))) {
                    continue;
                }
                if (!RESIZABLE.contains(name)) {
                    problems.forbidden(path + ".resources." + kind, "only cpu and memory resources are mutable");
                } else if (!now.has(name)) {
                    problems.forbidden(path + ".resources." + kind, "resource " + kind + " cannot be removed");
                }
            }
        }
    }

    @Override
    public boolean isHeld(ObjectNode object) {
        return pods.isHeld(object);
    }
}
