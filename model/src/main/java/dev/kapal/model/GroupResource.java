package dev.kapal.model;

/// A resource whatever its version; error messages name it like this: `deployments.apps`, `pods`.
public record GroupResource(String group, String resource) {

    @Override
    public String toString() {
        return group.isEmpty() ? resource : resource + "." + group;
    }
}
