package dev.kapal.apiserver.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// A pod, or what a workload would make pods of.
record PodView(JsonNode metadata, JsonNode spec) {

    /// All containers: those that run first, those that run on, those that were added later.
    List<JsonNode> containers() {
        var all = new ArrayList<JsonNode>();
        spec.path("initContainers").forEach(all::add);
        spec.path("containers").forEach(all::add);
        spec.path("ephemeralContainers").forEach(all::add);
        return all;
    }

    /// The names of the containers that `wrong` is true of.
    List<String> containers(Predicate<JsonNode> wrong) {
        return containers().stream()
                .filter(wrong)
                .map(container -> container.path("name").asText())
                .toList();
    }

    JsonNode annotations() {
        return metadata.path("annotations");
    }

    JsonNode security() {
        return spec.path("securityContext");
    }

    boolean isWindows() {
        return spec.path("os").path("name").asText().equals("windows");
    }

    /// "pod" and the containers, as far as they are wrong: `pod and container "a"`.
    static String setters(boolean pod, List<String> containers) {
        var setters = new ArrayList<String>();
        if (pod) {
            setters.add("pod");
        }
        if (!containers.isEmpty()) {
            setters.add(Words.containers(containers));
        }
        return String.join(" and ", setters);
    }
}
