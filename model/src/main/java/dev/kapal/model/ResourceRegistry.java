package dev.kapal.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// The resources that this server serves. Any thread; readers see a frozen image, a change replaces it.
public final class ResourceRegistry {
    private final AtomicLong version = new AtomicLong();
    private volatile Map<GroupVersionResource, ResourceDefinition> byResource;

    public ResourceRegistry(Collection<ResourceDefinition> definitions) {
        byResource = index(definitions);
    }

    /// A new registry with Kubernetes' own resources.
    public static ResourceRegistry builtIn() {
        return new ResourceRegistry(BuiltInResources.load());
    }

    public Optional<ResourceDefinition> find(GroupVersionResource resource) {
        return Optional.ofNullable(byResource.get(resource));
    }

    public Optional<ResourceDefinition> find(GroupVersionKind kind) {
        return byResource.values().stream()
                .filter(d -> d.kind().equals(kind.kind()))
                .filter(d -> d.groupVersion().equals(kind.groupVersion()))
                .filter(d -> !d.listKind().isEmpty())
                .findFirst();
    }

    /// All of them, in the order in which they were registered.
    public Collection<ResourceDefinition> all() {
        return byResource.values();
    }

    /// Groups and versions that have at least one resource, the core group first, then by name.
    public List<GroupVersion> groupVersions() {
        return byResource.keySet().stream()
                .map(GroupVersionResource::groupVersion)
                .distinct()
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    public synchronized void add(ResourceDefinition definition) {
        var next = new LinkedHashMap<>(byResource);
        next.put(definition.groupVersionResource(), definition);
        byResource = next;
        version.incrementAndGet();
    }

    public synchronized void remove(GroupVersionResource resource) {
        var next = new LinkedHashMap<>(byResource);
        next.remove(resource);
        byResource = next;
        version.incrementAndGet();
    }

    /// Grows with each change, so that documents made from the registry know when they are stale.
    public long version() {
        return version.get();
    }

    private static Map<GroupVersionResource, ResourceDefinition> index(Collection<ResourceDefinition> definitions) {
        var index = new LinkedHashMap<GroupVersionResource, ResourceDefinition>();
        definitions.forEach(d -> index.put(d.groupVersionResource(), d));
        return index;
    }
}
