package dev.kapal.apiserver.admission.optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.ObjectReader;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.model.GroupVersionResource;
import java.util.Map;
import java.util.TreeMap;

/// Pods of a namespace run on the nodes that its annotation names. Any thread.
public final class PodNodeSelector implements AdmissionPlugin.Mutating {
    private static final GroupVersionResource NAMESPACES = new GroupVersionResource("", "v1", "namespaces");
    private static final String ANNOTATION = "scheduler.alpha.kubernetes.io/node-selector";

    private final ObjectReader objects;

    public PodNodeSelector(ObjectReader objects) {
        this.objects = objects;
    }

    @Override
    public String name() {
        return "PodNodeSelector";
    }

    @Override
    public void mutate(AdmissionRequest request) throws InterruptedException {
        if (!request.isCreate()
                || !request.isCore("pods")
                || !(request.object().orElseThrow().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        var wanted = wanted(request.namespace());
        if (wanted.isEmpty()) {
            return;
        }
        var selector = spec.withObjectProperty("nodeSelector");
        for (var label : wanted.entrySet()) {
            var own = selector.path(label.getKey()).asText(label.getValue());
            if (!own.equals(label.getValue())) {
                throw request.forbidden("pod node label selector conflicts with its namespace node label selector");
            }
            selector.put(label.getKey(), label.getValue());
        }
    }

    private Map<String, String> wanted(String namespace) throws InterruptedException {
        var text = objects.find(NAMESPACES, "", namespace)
                .map(found -> found.path("metadata")
                        .path("annotations")
                        .path(ANNOTATION)
                        .asText(""))
                .orElse("");
        var labels = new TreeMap<String, String>();
        for (var label : text.split(",")) {
            if (label.isBlank()) {
                continue;
            }
            var parts = label.split("=", 2);
            if (parts.length < 2) {
                throw ApiException.internal("invalid selector: " + label);
            }
            labels.put(parts[0].strip(), parts[1].strip());
        }
        return labels;
    }
}
