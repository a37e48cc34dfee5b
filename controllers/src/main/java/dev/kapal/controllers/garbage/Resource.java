package dev.kapal.controllers.garbage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.client.Api;
import dev.kapal.client.Key;
import java.util.ArrayList;
import java.util.List;

/// A kind of objects that can be listed, watched and deleted. A value.
///
/// @param root `/api/v1` or `/apis/GROUP/VERSION`
/// @param apiVersion `v1` or `GROUP/VERSION`
record Resource(String root, String apiVersion, String kind, String plural, boolean namespaced) {
    /// Asks the API server for all of them, each in its group's preferred version. Events are left out: they are many,
    /// own nothing and expire by themselves.
    static List<Resource> discover(Api api) throws InterruptedException {
        var found = new ArrayList<Resource>();
        add(found, api, "/api/v1", "v1");
        for (JsonNode group : api.get("/apis").path("groups")) {
            String version = group.path("preferredVersion").path("groupVersion").asText();
            add(found, api, "/apis/" + version, version);
        }
        return found;
    }

    private static void add(List<Resource> found, Api api, String root, String apiVersion) throws InterruptedException {
        for (JsonNode entry : api.get(root).path("resources")) {
            String plural = entry.path("name").asText();
            var verbs = new ArrayList<String>();
            entry.path("verbs").forEach(verb -> verbs.add(verb.asText()));
            if (verbs.containsAll(List.of("list", "watch", "delete"))
                    && plural.indexOf('/') < 0
                    && !plural.equals("events")) {
                String kind = entry.path("kind").asText();
                found.add(new Resource(
                        root, apiVersion, kind, plural, entry.path("namespaced").asBoolean()));
            }
        }
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
