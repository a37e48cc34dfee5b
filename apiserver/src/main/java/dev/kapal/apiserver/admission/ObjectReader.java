package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.model.GroupVersionResource;
import java.util.List;
import java.util.Optional;

/// Reads other objects while a write is admitted, as fresh as the newest write. Any thread; answers from memory.
public interface ObjectReader {
    /// One object; empty also when there is no such resource.
    ///
    /// @param namespace empty for cluster-scoped resources
    Optional<CachedObject> cached(GroupVersionResource resource, String namespace, String name)
            throws InterruptedException;

    /// The objects of one namespace, or of all for an empty one, by key.
    List<CachedObject> list(GroupVersionResource resource, String namespace) throws InterruptedException;

    /// As [#cached], as a document of the caller's own.
    default Optional<ObjectNode> find(GroupVersionResource resource, String namespace, String name)
            throws InterruptedException {
        return cached(resource, namespace, name).map(CachedObject::document);
    }
}
