package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.User;
import dev.kapal.model.GroupVersionResource;
import java.util.Optional;

/// Serves every request for a resource, whatever its kind. Any thread.
public final class Resources implements AutoCloseable {
    private final ResourcesConfig config;

    private Resources(ResourcesConfig config) {
        this.config = config;
    }

    /// Loads what the store holds and follows it from then on; returns when reads can be answered.
    public static Resources start(ResourcesConfig config) {
        return new Resources(config);
    }

    /// Answers one authorized request; a watch keeps the calling thread until it ends. Throws
    /// [dev.kapal.apiserver.api.ApiException] for a refusal, before anything was answered.
    public void handle(Call call) throws Exception {
        throw new UnsupportedOperationException("serve " + call.info() + " from " + config);
    }

    /// The newest state of one object, to be read only.
    ///
    /// @param namespace empty for cluster-scoped resources
    public Optional<ObjectNode> get(GroupVersionResource resource, String namespace, String name) {
        throw new UnsupportedOperationException("get " + resource + namespace + name);
    }

    /// Creates an object through the whole pipeline without HTTP. Throws [dev.kapal.apiserver.api.ApiException].
    public ObjectNode create(User user, GroupVersionResource resource, String namespace, ObjectNode object)
            throws InterruptedException {
        throw new UnsupportedOperationException("create " + resource + namespace + object + user);
    }

    /// Ends all watches.
    @Override
    public void close() {}
}
