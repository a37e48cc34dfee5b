package dev.kapal.apiserver.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionResource;
import java.util.Optional;
import java.util.function.Function;

/// The objects that every cluster has, kept by the server itself: written as `system:apiserver` through the whole
/// pipeline, but for what guards it against strangers. Any thread.
@FunctionalInterface
public interface OwnObjects {
    /// Creates an object that is missing and mends one that is not as it should be. That another server was faster is
    /// no
    /// error. Throws [ApiException] for a refusal.
    ///
    /// @param namespace empty for a cluster-scoped resource
    /// @param wanted with its name; the caller's to give away
    /// @param mended a found object as it should be, empty when it is; may be asked again when others write
    /// @return whether something was written
    boolean ensure(
            GroupVersionResource resource,
            String namespace,
            ObjectNode wanted,
            Function<ObjectNode, Optional<ObjectNode>> mended)
            throws InterruptedException;
}
