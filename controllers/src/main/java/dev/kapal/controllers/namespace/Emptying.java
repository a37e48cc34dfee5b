package dev.kapal.controllers.namespace;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.client.Api;
import dev.kapal.controllers.discovery.ServedResource;
import dev.kapal.controllers.workload.Refusals;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Deletes what is in a namespace: the pods first, and the rest once they are gone, so that nothing a running pod leans
/// on is taken from under it. Blocks.
final class Emptying {
    private static final DeleteOptions BACKGROUND =
            new DeleteOptionsBuilder().withPropagationPolicy("Background").build();

    private final Api api;

    Emptying(Api api) {
        this.api = api;
    }

    /// What was found after a round of deletions.
    ///
    /// @param remaining how many objects are left, by qualified resource
    /// @param finalizers how many objects each finalizer holds
    /// @param failures the server's refusals
    record Left(Map<String, Integer> remaining, Map<String, Integer> finalizers, List<String> failures) {
        boolean nothing() {
            return remaining.isEmpty() && failures.isEmpty();
        }

        boolean onlyPods() {
            return remaining.keySet().equals(Set.of("pods."));
        }
    }

    Left empty(String namespace, List<ServedResource> resources) throws InterruptedException {
        var left = new Left(new TreeMap<>(), new TreeMap<>(), new ArrayList<>());
        for (var resource : resources) {
            if (isPods(resource)) {
                empty(namespace, resource, left);
            }
        }
        if (!left.nothing()) {
            return left;
        }
        for (var resource : resources) {
            if (!isPods(resource)) {
                empty(namespace, resource, left);
            }
        }
        return left;
    }

    private void empty(String namespace, ServedResource resource, Left left) throws InterruptedException {
        String path = resource.root() + "/namespaces/" + namespace + "/" + resource.plural();
        try {
            if (items(path).isEmpty()) {
                return;
            }
            api.delete(path, BACKGROUND);
            tally(items(path), resource, left);
        } catch (KubernetesClientException refusal) {
            // 405 and 404: the resource cannot be listed or deleted as a collection, or went away since discovery.
            if (refusal.getCode() != 405 && !Refusals.isNotFound(refusal)) {
                left.failures().add(Refusals.message(refusal));
            }
        }
    }

    private JsonNode items(String path) throws InterruptedException {
        return api.get(path).path("items");
    }

    private static void tally(JsonNode items, ServedResource resource, Left left) {
        if (!items.isEmpty()) {
            // `deployments.apps`, or `pods.` with the dot that upstream's messages have for the core group
            left.remaining().put(resource.plural() + "." + resource.group(), items.size());
        }
        for (JsonNode item : items) {
            for (JsonNode finalizer : item.path("metadata").path("finalizers")) {
                left.finalizers().merge(finalizer.asText(), 1, Integer::sum);
            }
        }
    }

    private static boolean isPods(ServedResource resource) {
        return resource.group().isEmpty() && resource.plural().equals("pods");
    }
}
