package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionResource;
import java.util.Optional;

/// Reads other objects while a write is admitted.
@FunctionalInterface
public interface ObjectReader {
    /// The newest state, to be read only.
    ///
    /// @param namespace empty for cluster-scoped resources
    Optional<ObjectNode> find(GroupVersionResource resource, String namespace, String name) throws InterruptedException;
}
