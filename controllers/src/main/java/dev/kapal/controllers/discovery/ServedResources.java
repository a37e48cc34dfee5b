package dev.kapal.controllers.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.client.Api;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// All resources that the API server serves, each in the version that its group prefers of those that are there. When
/// another server behind it is away, what that serves is missing here, and named. A value.
///
/// @param unknown versions (`GROUP/VERSION`) whose resources are not known now
public record ServedResources(List<ServedResource> resources, SortedSet<String> unknown) {
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    /// Asks the API server. Blocks.
    public static ServedResources discover(Api api) throws InterruptedException {
        var served = new ServedResources(new ArrayList<>(), new TreeSet<>());
        for (var root : List.of("/api", "/apis")) {
            for (JsonNode group : api.get(root, AGGREGATED).path("items")) {
                served.add(group);
            }
        }
        return served;
    }

    private void add(JsonNode group) {
        String name = group.path("metadata").path("name").asText("");
        var known = new HashSet<String>();
        for (JsonNode version : group.path("versions")) {
            String number = version.path("version").asText();
            if (version.path("freshness").asText().equals("Stale")) {
                unknown.add(name + "/" + number);
                continue;
            }
            for (JsonNode resource : version.path("resources")) {
                String plural = resource.path("resource").asText();
                // what has subresources only is no kind of objects
                if (resource.has("responseKind") && known.add(plural)) {
                    resources.add(resource(name, number, plural, resource));
                }
            }
        }
    }

    private static ServedResource resource(String group, String version, String plural, JsonNode resource) {
        var verbs = new HashSet<String>();
        resource.path("verbs").forEach(verb -> verbs.add(verb.asText()));
        return new ServedResource(
                group,
                version,
                resource.path("responseKind").path("kind").asText(),
                plural,
                resource.path("scope").asText().equals("Namespaced"),
                Set.copyOf(verbs));
    }

    /// What upstream's clients say when something is missing; empty when nothing is.
    public Optional<String> failure() {
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of("unable to retrieve the complete list of server APIs: "
                        + unknown.stream()
                                .map(version -> version + ": stale GroupVersion discovery: " + version)
                                .collect(Collectors.joining(", ")));
    }
}
