package dev.kapal.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/// The documents of unaggregated discovery. Pure. Source: `meta/v1` APIVersions, APIGroup, APIResourceList.
final class LegacyDocuments {
    private LegacyDocuments() {}

    /// `/api`
    static ObjectNode versions(String serverAddress) {
        var document = Documents.object();
        document.put("kind", "APIVersions");
        document.putArray("versions").add("v1");
        document.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", serverAddress);
        return document;
    }

    /// `/apis`
    static ObjectNode groups(List<Groups.Group> all) {
        var document = Documents.object();
        document.put("kind", "APIGroupList").put("apiVersion", "v1");
        var groups = document.putArray("groups");
        all.stream().filter(group -> !group.name().isEmpty()).forEach(group -> describe(group, groups.addObject()));
        return document;
    }

    /// `/apis/GROUP`
    static ObjectNode group(Groups.Group group) {
        var document = Documents.object();
        document.put("kind", "APIGroup").put("apiVersion", "v1");
        describe(group, document);
        return document;
    }

    private static void describe(Groups.Group group, ObjectNode into) {
        into.put("name", group.name());
        var versions = into.putArray("versions");
        group.versions().forEach(version -> put(version.groupVersion(), versions.addObject()));
        put(group.versions().getFirst().groupVersion(), into.putObject("preferredVersion"));
    }

    private static void put(GroupVersion version, ObjectNode into) {
        into.put("groupVersion", version.apiVersion()).put("version", version.version());
    }

    /// `/api/v1`, `/apis/GROUP/VERSION`
    static ObjectNode resources(ResourceRegistry registry, GroupVersion groupVersion) {
        var document = Documents.object();
        document.put("kind", "APIResourceList");
        if (!groupVersion.group().isEmpty()) {
            document.put("apiVersion", "v1");
        }
        document.put("groupVersion", groupVersion.apiVersion());
        var resources = document.putArray("resources");
        Groups.resources(registry, groupVersion).forEach(definition -> add(definition, resources));
        return document;
    }

    private static void add(ResourceDefinition definition, ArrayNode into) {
        var resource = into.addObject();
        resource.put("name", definition.plural())
                .put("singularName", definition.singular())
                .put("namespaced", definition.namespaced())
                .put("kind", definition.kind());
        addAll(resource, "verbs", sorted(definition.verbs()));
        addUnlessEmpty(resource, "shortNames", definition.shortNames());
        addUnlessEmpty(resource, "categories", definition.categories());
        if (!definition.listKind().isEmpty()) {
            resource.put(
                    "storageVersionHash",
                    storageVersionHash(definition.storage().groupVersionKind()));
        }
        for (var part : definition.subresources()) {
            var node = into.addObject();
            node.put("name", definition.plural() + "/" + part.name())
                    .put("singularName", "")
                    .put("namespaced", definition.namespaced());
            if (!part.kind().groupVersion().equals(definition.groupVersion())) {
                putUnlessEmpty(node, "group", part.kind().group());
                node.put("version", part.kind().version());
            }
            node.put("kind", part.kind().kind());
            addAll(node, "verbs", sorted(part.verbs()));
        }
    }

    static List<String> sorted(Collection<String> values) {
        return values.stream().sorted().toList();
    }

    static void addUnlessEmpty(ObjectNode into, String field, List<String> values) {
        if (!values.isEmpty()) {
            addAll(into, field, values);
        }
    }

    static void addAll(ObjectNode into, String field, List<String> values) {
        var array = into.putArray(field);
        values.forEach(array::add);
    }

    private static void putUnlessEmpty(ObjectNode into, String field, String value) {
        if (!value.isEmpty()) {
            into.put(field, value);
        }
    }

    /// The first eight bytes of a hash of the stored version, as upstream computes it; clients only compare it.
    private static String storageVersionHash(GroupVersionKind kind) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((kind.group() + "/" + kind.version() + "/" + kind.kind()).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, 8));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
