package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.model.GroupVersionResource;

/// Writes what admission itself keeps account of. Any thread.
@FunctionalInterface
public interface ObjectWriter {
    /// Puts `next` in the place of `current` if nobody was faster. Nothing else is done to it: no admission, no checks.
    boolean replace(GroupVersionResource resource, CachedObject current, ObjectNode next) throws InterruptedException;
}
