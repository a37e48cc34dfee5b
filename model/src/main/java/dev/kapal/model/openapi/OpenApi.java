package dev.kapal.model.openapi;

import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceRegistry;

/// Writes the OpenAPI documents of what a registry holds. Documents are made on first use and kept until the registry
/// changes. Any thread.
public final class OpenApi {
    private final ResourceRegistry registry;

    /// @param gitVersion the server's version, `v1.34.0+kapal`
    public OpenApi(ResourceRegistry registry, String gitVersion) {
        this.registry = registry;
    }

    /// `/openapi/v2` as JSON.
    public byte[] v2Json() {
        throw new UnsupportedOperationException();
    }

    /// `/openapi/v2` as gnostic's `openapi.v2.Document` in protobuf.
    public byte[] v2Protobuf() {
        throw new UnsupportedOperationException();
    }

    /// `/openapi/v3`: the paths of the documents with a hash of their content.
    public byte[] v3Index() {
        throw new UnsupportedOperationException();
    }

    /// `/openapi/v3/api/v1`, `/openapi/v3/apis/apps/v1`.
    public byte[] v3(GroupVersion groupVersion) {
        throw new UnsupportedOperationException("openapi v3 of " + groupVersion + " of " + registry);
    }
}
