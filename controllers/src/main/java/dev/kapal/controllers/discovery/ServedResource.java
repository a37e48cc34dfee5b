package dev.kapal.controllers.discovery;

import java.util.Set;

/// A kind of objects in one of its versions. A value.
///
/// @param group empty for the core
public record ServedResource(
        String group, String version, String kind, String plural, boolean namespaced, Set<String> verbs) {

    /// `v1` or `GROUP/VERSION`.
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /// `/api/v1` or `/apis/GROUP/VERSION`.
    public String root() {
        return (group.isEmpty() ? "/api/" : "/apis/") + apiVersion();
    }
}
