package dev.kapal.model;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The resources that this server serves. Any thread; readers see a frozen image, a change replaces it.
public final class ResourceRegistry {
    private volatile Image image;

    /// @param byKind only what can be listed: other kinds (`Binding`) can be bodies of several resources
    private record Image(
            long version,
            Map<GroupVersionResource, ResourceDefinition> byResource,
            Map<GroupVersionKind, ResourceDefinition> byKind,
            List<GroupVersion> groupVersions) {

        static Image of(long version, Collection<ResourceDefinition> definitions) {
            var byResource = new LinkedHashMap<GroupVersionResource, ResourceDefinition>();
            var byKind = new HashMap<GroupVersionKind, ResourceDefinition>();
            for (var definition : definitions) {
                byResource.put(definition.groupVersionResource(), definition);
                if (!definition.listKind().isEmpty()) {
                    byKind.put(definition.groupVersionKind(), definition);
                }
            }
            var groupVersions = byResource.keySet().stream()
                    .map(GroupVersionResource::groupVersion)
                    .distinct()
                    .sorted()
                    .toList();
            return new Image(version, Collections.unmodifiableMap(byResource), byKind, groupVersions);
        }
    }

    public ResourceRegistry(Collection<ResourceDefinition> definitions) {
        image = Image.of(0, definitions);
    }

    /// A new registry with Kubernetes' own resources, those versions among them that it no longer serves itself.
    public static ResourceRegistry builtIn() {
        return builtIn(true);
    }

    /// @param legacy whether to serve versions that Kubernetes has removed
    public static ResourceRegistry builtIn(boolean legacy) {
        return new ResourceRegistry(FurtherVersions.addTo(BuiltInResources.load(), legacy));
    }

    public Optional<ResourceDefinition> find(GroupVersionResource resource) {
        return Optional.ofNullable(image.byResource().get(resource));
    }

    public Optional<ResourceDefinition> find(GroupVersionKind kind) {
        return Optional.ofNullable(image.byKind().get(kind));
    }

    /// All of them, in the order in which they were registered.
    public Collection<ResourceDefinition> all() {
        return image.byResource().values();
    }

    /// All versions of the resource that `definition` is a version of, itself among them.
    public List<ResourceDefinition> versionsOf(ResourceDefinition definition) {
        var stored = definition.storage().groupResource();
        return all().stream()
                .filter(other -> other.storage().groupResource().equals(stored))
                .toList();
    }

    /// Groups and versions that have at least one resource, the core group first, then by name.
    public List<GroupVersion> groupVersions() {
        return image.groupVersions();
    }

    public synchronized void add(ResourceDefinition definition) {
        var next = new LinkedHashMap<>(image.byResource());
        next.put(definition.groupVersionResource(), definition);
        image = Image.of(image.version() + 1, next.values());
    }

    public synchronized void remove(GroupVersionResource resource) {
        var next = new LinkedHashMap<>(image.byResource());
        next.remove(resource);
        image = Image.of(image.version() + 1, next.values());
    }

    /// Grows with each change, so that documents made from the registry know when they are stale.
    public long version() {
        return image.version();
    }
}
