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
        boolean hasGeneration) {

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

    public boolean allows(String verb) {
        return verbs.contains(verb);
    }

    public Optional<Subresource> subresource(String name) {
        return subresources.stream().filter(s -> s.name().equals(name)).findFirst();
    }
}
