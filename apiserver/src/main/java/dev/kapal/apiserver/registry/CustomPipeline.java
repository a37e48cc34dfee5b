package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.cache.WatchCache;
import dev.kapal.apiserver.crd.Pipeline;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.Documents;
import java.util.Collection;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The pipeline as the controller of custom resources uses it: as the API server itself. Any thread.
///
/// @param definitionsEndpoint of the CustomResourceDefinitions
record CustomPipeline(Resources resources, Endpoint definitionsEndpoint) implements Pipeline {

    @Override
    public WatchCache definitions() {
        return definitionsEndpoint.resource().shelf().cache();
    }

    @Override
    public Optional<ObjectNode> change(String name, String subresource, UnaryOperator<ObjectNode> change)
            throws InterruptedException {
        var write = new Write(User.SERVER, "", name, subresource, false, new Warnings());
        try {
            byte[] written = definitionsEndpoint.updater().update(write, stored -> change.apply(stored.deepCopy()));
            return Optional.of(Documents.read(written));
        } catch (ApiException refused) {
            if (refused.status().code() == 404) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    @Override
    public void serve(Collection<ResourceDefinition> served, Collection<GroupVersionResource> gone) {
        resources.serve(served, gone);
    }

    @Override
    public int deleteAll(ResourceDefinition resource) throws InterruptedException {
        var endpoint = resources.endpoint(resource);
        for (var object : endpoint.resource().shelf().all("")) {
            var write = new Write(User.SERVER, object.namespace(), object.name(), "", false, new Warnings());
            try {
                endpoint.deleter().delete(write, DeleteOptions.NONE);
            } catch (ApiException refused) {
                if (refused.status().code() != 404) {
                    throw refused;
                }
            }
        }
        return endpoint.resource().shelf().all("").size();
    }

    @Override
    public WatchCache objects(ResourceDefinition resource) {
        return resources.endpoint(resource).resource().shelf().cache();
    }
}
