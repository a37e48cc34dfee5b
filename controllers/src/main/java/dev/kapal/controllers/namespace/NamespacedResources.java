package dev.kapal.controllers.namespace;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.client.Api;
import java.util.ArrayList;
import java.util.List;

/// Asks the API server which kinds of things a namespace can hold. Blocks.
final class NamespacedResources {
    private final Api api;

    NamespacedResources(Api api) {
        this.api = api;
    }

    /// One resource in its group's preferred version.
    ///
    /// @param root `/api/v1` or `/apis/GROUP/VERSION`
    record Resource(String root, String group, String plural) {
        String collection(String namespace) {
            return root + "/namespaces/" + namespace + "/" + plural;
        }

        /// `deployments.apps`, or `pods.` with the dot that upstream's messages have for the core group.
        String qualified() {
            return plural + "." + group;
        }
    }

    List<Resource> discover() throws InterruptedException {
        var found = new ArrayList<Resource>();
        add(found, "/api/v1", "");
        for (JsonNode group : api.get("/apis").path("groups")) {
            String version = group.path("preferredVersion").path("groupVersion").asText();
            add(found, "/apis/" + version, group.path("name").asText());
        }
        return found;
    }

    private void add(List<Resource> found, String root, String group) throws InterruptedException {
        for (JsonNode resource : api.get(root).path("resources")) {
            String name = resource.path("name").asText();
            if (resource.path("namespaced").asBoolean() && !name.contains("/") && has(resource, "delete")) {
                found.add(new Resource(root, group, name));
            }
        }
    }

    private static boolean has(JsonNode resource, String verb) {
        for (JsonNode known : resource.path("verbs")) {
            if (known.asText().equals(verb)) {
                return true;
            }
        }
        return false;
    }
}
