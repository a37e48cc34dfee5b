package dev.kapal.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One resource in one version: everything that generic code has to know about it. A custom resource is the same thing
/// made at run time.
///
/// @param listKind kind of its lists, `PodList`; empty for what cannot be listed (`Binding`)
/// @param verbs as discovery lists them
/// @param hasStatus whether `/status` exists and ordinary writes leave the status alone
/// @param hasGeneration whether `metadata.generation` counts changes of what the user asked for
/// @param storedAs the version in whose form, and the group under whose name, the objects are stored; empty when it is
/// this one
/// @param conversion between all versions of the resource, the same for each of them
/// @param deprecation what users of this version are warned of, empty for most
public record ResourceDefinition(
        GroupVersion groupVersion,
        String kind,
        String listKind,
        String plural,
        String singular,
        List<String> shortNames,
        List<String> categories,
        boolean namespaced,
        Set<String> verbs,
        List<Subresource> subresources,
        Schema schema,
        List<PrinterColumn> columns,
        boolean hasStatus,
        boolean hasGeneration,
        Optional<ResourceDefinition> storedAs,
        Conversion conversion,
        String deprecation) {

    /// A resource that has one version.
    public ResourceDefinition(
            GroupVersion groupVersion,
            String kind,
            String listKind,
            String plural,
            String singular,
            List<String> shortNames,
            List<String> categories,
            boolean namespaced,
            Set<String> verbs,
            List<Subresource> subresources,
            Schema schema,
            List<PrinterColumn> columns,
            boolean hasStatus,
            boolean hasGeneration) {
        this(
                groupVersion,
                kind,
                listKind,
                plural,
                singular,
                shortNames,
                categories,
                namespaced,
                verbs,
                subresources,
                schema,
                columns,
                hasStatus,
                hasGeneration,
                Optional.empty(),
                Conversion.NONE,
                "");
    }

    public ResourceDefinition {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        verbs = Set.copyOf(verbs);
        subresources = List.copyOf(subresources);
        columns = List.copyOf(columns);
    }

    public GroupVersionKind groupVersionKind() {
        return groupVersion.kind(kind);
    }

    public GroupVersionResource groupVersionResource() {
        return groupVersion.resource(plural);
    }

    public GroupResource groupResource() {
        return new GroupResource(groupVersion.group(), plural);
    }

    /// The version that is stored, this one in most cases.
    public ResourceDefinition storage() {
        return storedAs.orElse(this);
    }

    /// The same resource as one of several versions.
    ///
    /// @param storage empty when this is the stored version
    public ResourceDefinition convertedBy(Optional<ResourceDefinition> storage, Conversion conversion) {
        return new ResourceDefinition(
                groupVersion,
                kind,
                listKind,
                plural,
                singular,
                shortNames,
                categories,
                namespaced,
                verbs,
                subresources,
                schema,
                columns,
                hasStatus,
                hasGeneration,
                storage,
                conversion,
                deprecation);
    }

    public boolean allows(String verb) {
        return verbs.contains(verb);
    }

    public Optional<Subresource> subresource(String name) {
        return subresources.stream().filter(s -> s.name().equals(name)).findFirst();
    }
}
