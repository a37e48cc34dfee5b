package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionResource;
import java.util.List;

/// Copies the labels that say where a node is to the pods that are put on it.
final class PodTopologyLabels implements AdmissionPlugin.Mutating {
    private static final GroupVersionResource NODES = new GroupVersionResource("", "v1", "nodes");
    private static final List<String> LABELS = List.of("topology.kubernetes.io/zone", "topology.kubernetes.io/region");

    private final ObjectReader objects;

    PodTopologyLabels(ObjectReader objects) {
        this.objects = objects;
    }

    @Override
    public String name() {
        return "PodTopologyLabels";
    }

    @Override
    public void mutate(AdmissionRequest request) throws InterruptedException {
        if (!request.isCreate() || !request.isCoreOrBelow("pods")) {
            return;
        }
        var object = request.object().orElseThrow();
        switch (request.subresource()) {
            case "" -> label(object, object.path("spec").path("nodeName").asText(""));
            case "binding" -> label(object, object.path("target").path("name").asText(""));
            default -> {}
        }
    }

    private void label(ObjectNode object, String node) throws InterruptedException {
        if (node.isEmpty()) {
            return;
        }
        var found = objects.cached(NODES, "", node);
        if (found.isEmpty()) {
            return;
        }
        var ofNode = found.get().labels();
        for (var label : LABELS) {
            if (ofNode.containsKey(label)) {
                object.withObjectProperty("metadata")
                        .withObjectProperty("labels")
                        .put(label, ofNode.get(label));
            }
        }
    }
}
