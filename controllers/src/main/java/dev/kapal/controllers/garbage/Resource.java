package dev.kapal.controllers.garbage;

import dev.kapal.client.Key;
import dev.kapal.controllers.discovery.ServedResources;
import java.util.List;
import java.util.stream.Stream;

/// A kind of objects that can be listed, watched and deleted. A value.
///
/// @param root `/api/v1` or `/apis/GROUP/VERSION`
/// @param apiVersion `v1` or `GROUP/VERSION`
record Resource(String root, String apiVersion, String kind, String plural, boolean namespaced) {
    private static final List<String> NEEDED = List.of("list", "watch", "delete");

    /// Those of `served` that may be garbage or have an owner. Events are left out: they are many, own nothing and
    /// expire by themselves.
    static Stream<Resource> of(ServedResources served) {
        return served.resources().stream()
                .filter(resource -> resource.verbs().containsAll(NEEDED))
                .filter(resource -> !resource.plural().equals("events"))
                .map(resource -> new Resource(
                        resource.root(),
                        resource.apiVersion(),
                        resource.kind(),
                        resource.plural(),
                        resource.namespaced()));
    }

    String everywhere() {
        return root + "/" + plural;
    }

    String path(Key key) {
        return (namespaced ? root + "/namespaces/" + key.namespace() + "/" + plural : everywhere()) + "/" + key.name();
    }

    /// `apps` of `apps/v1`; owner references may name another version of the same group.
    String group() {
        return groupOf(apiVersion);
    }

    static String groupOf(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }
}
