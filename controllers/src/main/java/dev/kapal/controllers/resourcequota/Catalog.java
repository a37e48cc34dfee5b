package dev.kapal.controllers.resourcequota;

import dev.kapal.client.Api;
import dev.kapal.controllers.discovery.ServedResource;
import dev.kapal.controllers.discovery.ServedResources;
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

    /// `/api/v1` or `/apis/GROUP/VERSION`; empty when nobody serves this resource in namespaces, or whoever does is
    /// away.
    Optional<String> root(GroupResource resource) throws InterruptedException {
        var known = roots.get(resource);
        if (known != null) {
            return Optional.of(known);
        }
        var root = ServedResources.discover(api).resources().stream()
                .filter(served -> served.group().equals(resource.group())
                        && served.plural().equals(resource.resource())
                        && served.namespaced())
                .map(ServedResource::root)
                .findFirst();
        root.ifPresent(found -> roots.put(resource, found));
        return root;
    }

    /// Discovery is asked again: the resource may be gone, or served elsewhere.
    void forget(GroupResource resource) {
        roots.remove(resource);
    }
}
