package dev.kapal.model.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Writes the OpenAPI documents of what a registry holds. Documents are made on first use and kept until the registry
/// changes: until then the same call answers with the same array. Any thread.
///
/// Source: OpenAPI 2.0 and 3.0.0, as upstream's `/openapi/v2` and `/openapi/v3` use them.
public final class OpenApi {
    private static final String V2 = "v2";
    private static final String V2_PROTOBUF = "v2.pb";

    private final ResourceRegistry registry;
    private final String gitVersion;
    private final Supplier<List<ObjectNode>> others;

    /// Guarded by this object, like [#madeFor] and [#merged].
    private final Map<String, byte[]> documents = new HashMap<>();

    private long madeFor;
    private List<ObjectNode> merged = List.of();

    /// @param gitVersion the server's version, `v1.34.0+kapal`
    /// @param others the parts of other servers' documents that become part of version 2, the most important first;
    ///     the same objects as long as nothing changes
    public OpenApi(ResourceRegistry registry, String gitVersion, Supplier<List<ObjectNode>> others) {
        this.registry = registry;
        this.gitVersion = gitVersion;
        this.others = others;
        this.madeFor = registry.version();
    }

    /// `/openapi/v2` as JSON.
    public byte[] v2Json() {
        return document(V2, () -> Documents.json(v2()));
    }

    /// `/openapi/v2` as gnostic's `openapi.v2.Document` in protobuf.
    public byte[] v2Protobuf() {
        return document(V2_PROTOBUF, () -> GnosticDocument.encode(v2()));
    }

    /// `/openapi/v3`: the paths of the documents with a hash of their content.
    public byte[] v3Index() {
        return document("v3", () -> Documents.json(index()));
    }

    /// `/openapi/v3/api/v1`, `/openapi/v3/apis/apps/v1`.
    public byte[] v3(GroupVersion groupVersion) {
        return document("v3" + groupVersion.path(), () -> Documents.json(v3Tree(groupVersion)));
    }

    /// How a document's content is named in its URL and its ETag: SHA-512 in upper-case hexadecimal, as upstream.
    public static String hash(byte[] document) {
        try {
            return HexFormat.of()
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-512").digest(document));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private synchronized byte[] document(String key, Supplier<byte[]> make) {
        if (madeFor != registry.version()) {
            documents.clear();
            madeFor = registry.version();
        }
        var present = others.get();
        if (!merged.equals(present)) {
            documents.keySet().removeAll(List.of(V2, V2_PROTOBUF));
            merged = present;
        }
        byte[] known = documents.get(key);
        if (known == null) {
            known = make.get();
            documents.put(key, known);
        }
        return known;
    }

    private ObjectNode v2() {
        var document = JsonNodeFactory.instance.objectNode();
        document.put("swagger", "2.0");
        info(document);
        var definitions = new Definitions(Dialect.V2);
        document.set("paths", paths(registry.all(), definitions));
        document.set("definitions", definitions.tree());
        merged.forEach(part -> ForeignSpec.addTo(document, part));
        return document;
    }

    private ObjectNode v3Tree(GroupVersion groupVersion) {
        var document = JsonNodeFactory.instance.objectNode();
        document.put("openapi", "3.0.0");
        info(document);
        var definitions = new Definitions(Dialect.V3);
        List<ResourceDefinition> resources = registry.all().stream()
                .filter(r -> r.groupVersion().equals(groupVersion))
                .toList();
        document.set("paths", paths(resources, definitions));
        document.putObject("components").set("schemas", definitions.tree());
        return document;
    }

    private void info(ObjectNode document) {
        document.putObject("info").put("title", "Kubernetes").put("version", gitVersion);
    }

    private static ObjectNode paths(Collection<ResourceDefinition> resources, Definitions definitions) {
        var paths = JsonNodeFactory.instance.objectNode();
        resources.forEach(resource -> new ResourcePaths(resource, definitions).addTo(paths));
        return paths;
    }

    private ObjectNode index() {
        var index = JsonNodeFactory.instance.objectNode();
        var paths = index.putObject("paths");
        for (var groupVersion : registry.groupVersions()) {
            String path = groupVersion.path();
            paths.putObject(path.substring(1))
                    .put("serverRelativeURL", "/openapi/v3" + path + "?hash=" + hash(v3(groupVersion)));
        }
        return index;
    }
}
