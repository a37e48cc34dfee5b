package dev.kapal.model;

/// An API group in one version; the empty group is the core group.
public record GroupVersion(String group, String version) implements Comparable<GroupVersion> {

    /// Reads `apps/v1` or `v1`.
    public static GroupVersion parse(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0
                ? new GroupVersion("", apiVersion)
                : new GroupVersion(apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
    }

    /// As documents carry it: `apps/v1`, or `v1` for the core group.
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /// Where its resources live: `/api/v1` or `/apis/apps/v1`.
    public String path() {
        return (group.isEmpty() ? "/api/" : "/apis/") + apiVersion();
    }

    public GroupVersionKind kind(String kind) {
        return new GroupVersionKind(group, version, kind);
    }

    public GroupVersionResource resource(String resource) {
        return new GroupVersionResource(group, version, resource);
    }

    @Override
    public int compareTo(GroupVersion other) {
        int byGroup = group.compareTo(other.group);
        return byGroup != 0 ? byGroup : version.compareTo(other.version);
    }

    @Override
    public String toString() {
        return apiVersion();
    }
}
