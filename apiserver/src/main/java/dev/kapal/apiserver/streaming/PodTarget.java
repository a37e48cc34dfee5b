package dev.kapal.apiserver.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import java.util.ArrayList;
import java.util.List;

/// A pod that a request wants to reach into. Immutable; the words of the refusals are upstream's.
record PodTarget(ObjectNode pod, String namespace, String name) {

    /// The node the pod runs on; empty before it is scheduled.
    String node() {
        return pod.path("spec").path("nodeName").asText();
    }

    String requireNode() {
        if (node().isEmpty()) {
            throw ApiException.badRequest("pod " + name + " does not have a host assigned");
        }
        return node();
    }

    /// The container that `wanted` names, or the only one.
    String container(String wanted) {
        var containers = names("containers");
        var initial = names("initContainers");
        var ephemeral = names("ephemeralContainers");
        if (!wanted.isEmpty()) {
            if (!containers.contains(wanted) && !initial.contains(wanted) && !ephemeral.contains(wanted)) {
                throw ApiException.badRequest("container " + wanted + " is not valid for pod " + name);
            }
            return wanted;
        }
        if (containers.size() == 1) {
            return containers.getFirst();
        }
        if (containers.isEmpty()) {
            throw ApiException.badRequest("a container name must be specified for pod " + name);
        }
        String choice = "a container name must be specified for pod " + name + ", choose one of: " + goList(containers);
        if (!initial.isEmpty()) {
            choice += " or one of the init containers: " + goList(initial);
        }
        throw ApiException.badRequest(choice);
    }

    private List<String> names(String field) {
        var names = new ArrayList<String>();
        for (JsonNode container : pod.path("spec").path(field)) {
            names.add(container.path("name").asText());
        }
        return names;
    }

    private static String goList(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }
}
