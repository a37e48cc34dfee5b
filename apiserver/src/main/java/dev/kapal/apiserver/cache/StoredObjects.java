package dev.kapal.apiserver.cache;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.model.GroupVersionResource;
import java.util.Optional;

/// Reads single objects for those who stand before the pipeline: authentication above all. Any thread, from memory.
/// Only
/// for resources that are stored in the version that is asked for.
public final class StoredObjects {
    private final WatchCaches caches;

    public StoredObjects(WatchCaches caches) {
        this.caches = caches;
    }

    /// The newest state of an object, the caller's own. Throws [ApiException] when the caches hang.
    ///
    /// @param namespace empty for cluster-scoped resources
    public Optional<ObjectNode> get(GroupVersionResource resource, String namespace, String name)
            throws InterruptedException {
        if (!caches.awaitNewest()) {
            throw ApiException.serviceUnavailable("the watch cache does not follow the store");
        }
        String group = resource.group().isEmpty() ? "core" : resource.group();
        return caches.cache(group + "/" + resource.resource())
                .find((namespace.isEmpty() ? "_" : namespace) + "/" + name)
                .map(CachedObject::document);
    }
}
