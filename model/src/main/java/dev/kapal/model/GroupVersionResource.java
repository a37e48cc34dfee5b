package dev.kapal.model;

/// The name of an endpoint: `apps`, `v1`, `deployments`.
public record GroupVersionResource(String group, String version, String resource) {

    public GroupVersion groupVersion() {
        return new GroupVersion(group, version);
    }

    public GroupResource groupResource() {
        return new GroupResource(group, resource);
    }

    /// As upstream prints it in messages: `apps/v1, Resource=deployments`.
    @Override
    public String toString() {
        return group + "/" + version + ", Resource=" + resource;
    }
}
