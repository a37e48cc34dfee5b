package dev.kapal.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import java.util.List;

/// The documents of aggregated discovery: everything in one answer. Pure. Source: `apidiscovery.k8s.io`
/// APIGroupDiscoveryList, whose v2 and v2beta1 differ in name only.
final class AggregatedDocuments {
    private AggregatedDocuments() {}

    /// @param version `v2` or `v2beta1`
    static ObjectNode groups(ResourceRegistry registry, String version, List<Groups.Group> groups) {
        var document = Documents.object();
        document.put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/" + version);
        document.putObject("metadata");
        var items = document.putArray("items");
        groups.forEach(group -> describe(registry, group, items.addObject()));
        return document;
    }

    private static void describe(ResourceRegistry registry, Groups.Group group, ObjectNode into) {
        var metadata = into.putObject("metadata");
        if (!group.name().isEmpty()) {
            metadata.put("name", group.name());
        }
        metadata.putNull("creationTimestamp");
        var versions = into.putArray("versions");
        for (var version : group.versions()) {
            var node =
                    versions.addObject().put("version", version.groupVersion().version());
            version.elsewhere()
                    .ifPresentOrElse(
                            more -> MoreResources.describe(more, node),
                            () -> describe(registry, version.groupVersion(), node));
        }
    }

    private static void describe(ResourceRegistry registry, GroupVersion version, ObjectNode into) {
        var resources = into.putArray("resources");
        Groups.resources(registry, version).forEach(definition -> describe(definition, resources.addObject()));
        into.put("freshness", "Current");
    }

    private static void describe(ResourceDefinition definition, ObjectNode into) {
        into.put("resource", definition.plural());
        put(definition.groupVersionKind(), into.putObject("responseKind"));
        into.put("scope", definition.namespaced() ? "Namespaced" : "Cluster");
        into.put("singularResource", definition.singular());
        LegacyDocuments.addAll(into, "verbs", LegacyDocuments.sorted(definition.verbs()));
        LegacyDocuments.addUnlessEmpty(into, "shortNames", definition.shortNames());
        LegacyDocuments.addUnlessEmpty(into, "categories", definition.categories());
        if (definition.subresources().isEmpty()) {
            return;
        }
        var parts = into.putArray("subresources");
        for (var part : definition.subresources()) {
            var node = parts.addObject();
            node.put("subresource", part.name());
            put(part.kind(), node.putObject("responseKind"));
            LegacyDocuments.addAll(node, "verbs", LegacyDocuments.sorted(part.verbs()));
        }
    }

    private static void put(GroupVersionKind kind, ObjectNode into) {
        into.put("group", kind.group()).put("version", kind.version()).put("kind", kind.kind());
    }
}
