package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.cache.WatchCache;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.ResourceDefinition;
import java.util.Collection;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What the controller of custom resources needs of the API server. Any thread. What it refuses is an
/// [dev.kapal.apiserver.api.ApiException].
public interface Pipeline {
    /// The definitions, as they are stored.
    WatchCache definitions();

    /// Changes a definition, or only its status, through the usual way of a write; answers with it as written.
    Optional<ObjectNode> change(String name, String subresource, UnaryOperator<ObjectNode> change)
            throws InterruptedException;

    /// Serves these resources and no more those, whose watches end.
    void serve(Collection<ResourceDefinition> served, Collection<GroupVersionResource> gone);

    /// Asks for the deletion of all objects of a resource; answers how many there are still.
    int deleteAll(ResourceDefinition resource) throws InterruptedException;

    /// The objects of a resource.
    WatchCache objects(ResourceDefinition resource);
}
