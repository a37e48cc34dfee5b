package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Defaults of pods and what is in them. Source: API reference, Pod v1.
final class PodDefaults {
    private PodDefaults() {}

    /// Only for pods themselves: templates stay as they were written.
    static void pod(ObjectNode pod) {
        if (!(pod.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        if (!spec.hasNonNull("enableServiceLinks")) {
            spec.put("enableServiceLinks", true);
        }
        for (var list : new String[] {"containers", "initContainers"}) {
            for (var container : spec.path(list)) {
                requestWhatIsLimited(container.path("resources"));
                if (spec.path("hostNetwork").asBoolean()) {
                    container.path("ports").forEach(PodDefaults::useHostPort);
                }
            }
        }
        PodLevelResources.apply(spec);
    }

    private static void requestWhatIsLimited(JsonNode resources) {
        if (!(resources instanceof ObjectNode) || resources.path("limits").isEmpty()) {
            return;
        }
        var requests = resources.get("requests") instanceof ObjectNode existing
                ? existing
                : ((ObjectNode) resources).putObject("requests");
        resources.path("limits").properties().forEach(limit -> requests.putIfAbsent(limit.getKey(), limit.getValue()));
    }

    private static void useHostPort(JsonNode port) {
        if (port instanceof ObjectNode object && port.path("hostPort").asInt() == 0) {
            object.set("hostPort", port.path("containerPort"));
        }
    }

    /// The old name of the service account field is kept equal to the new one.
    static void podSpec(ObjectNode spec) {
        var account = spec.path("serviceAccountName").asText();
        if (account.isEmpty()) {
            account = spec.path("serviceAccount").asText();
        }
        if (!account.isEmpty()) {
            spec.put("serviceAccountName", account);
            spec.put("serviceAccount", account);
        }
    }

    static void container(ObjectNode container) {
        if (container.path("imagePullPolicy").asText().isEmpty()) {
            container.put("imagePullPolicy", pullPolicy(container.path("image").asText()));
        }
    }

    /// A volume that names no source is an empty directory.
    static void volume(ObjectNode volume) {
        boolean hasSource = volume.properties().stream()
                .anyMatch(e -> !e.getKey().equals("name") && !e.getValue().isNull());
        if (!hasSource) {
            volume.putObject("emptyDir");
        }
        if (volume.get("image") instanceof ObjectNode image
                && image.path("pullPolicy").asText().isEmpty()) {
            image.put("pullPolicy", pullPolicy(image.path("reference").asText()));
        }
    }

    private static String pullPolicy(String image) {
        return isLatest(image) ? "Always" : "IfNotPresent";
    }

    /// No tag and no digest means the tag `latest`. The colon of a registry's port is not that of a tag.
    private static boolean isLatest(String image) {
        int digest = image.indexOf('@');
        var name = digest < 0 ? image : image.substring(0, digest);
        int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
        return colon < 0 ? digest < 0 : name.substring(colon + 1).equals("latest");
    }
}
