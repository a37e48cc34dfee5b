package dev.kapal.apiserver.authn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionResource;
import java.util.Optional;

/// Reads objects from memory: a token is only good while what it is bound to exists.
@FunctionalInterface
public interface ObjectReader {
    /// @param namespace empty for cluster-scoped resources
    Optional<ObjectNode> get(GroupVersionResource resource, String namespace, String name) throws InterruptedException;
}
