package dev.kapal.model;

/// The name of a type: what `apiVersion` and `kind` of a document say.
public record GroupVersionKind(String group, String version, String kind) {

    public static GroupVersionKind of(String apiVersion, String kind) {
        return GroupVersion.parse(apiVersion).kind(kind);
    }

    public GroupVersion groupVersion() {
        return new GroupVersion(group, version);
    }

    public String apiVersion() {
        return groupVersion().apiVersion();
    }

    /// As upstream prints it in messages: `apps/v1, Kind=Deployment`.
    @Override
    public String toString() {
        return group + "/" + version + ", Kind=" + kind;
    }
}
