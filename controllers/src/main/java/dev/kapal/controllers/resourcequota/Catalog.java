package dev.kapal.controllers.resourcequota;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.client.Api;
import dev.kapal.model.GroupResource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Where the objects of a resource are served: asked of discovery when first needed. Any thread; blocks.
final class Catalog {
    private final Api api;
    private final Map<GroupResource, String> roots = new ConcurrentHashMap<>();

    Catalog(Api api) {
        this.api = api;
    }

    /// `/api/v1` or `/apis/GROUP/VERSION`; empty when nobody serves this resource in namespaces.
    Optional<String> root(GroupResource resource) throws InterruptedException {
        var known = roots.get(resource);
        if (known != null) {
            return Optional.of(known);
        }
        var root = resource.group().isEmpty() ? Optional.of("/api/v1") : preferred(resource.group());
        if (root.isEmpty() || !isServed(root.get(), resource.resource())) {
            return Optional.empty();
        }
        roots.put(resource, root.get());
        return root;
    }

    private Optional<String> preferred(String group) throws InterruptedException {
        for (JsonNode served : api.get("/apis").path("groups")) {
            if (served.path("name").asText().equals(group)) {
                return Optional.of("/apis/"
                        + served.path("preferredVersion").path("groupVersion").asText());
            }
        }
        return Optional.empty();
    }

    private boolean isServed(String root, String plural) throws InterruptedException {
        for (JsonNode served : api.get(root).path("resources")) {
            if (served.path("name").asText().equals(plural)) {
                return served.path("namespaced").asBoolean();
            }
        }
        return false;
    }
}
