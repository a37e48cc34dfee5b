package dev.kapal.apiserver.admission.optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;
import java.util.TreeSet;

/// A pod that asks for a device tolerates the taint by the device's name: nodes that have it can be kept for such pods.
public final class ExtendedResourceToleration implements AdmissionPlugin.Mutating {
    @Override
    public String name() {
        return "ExtendedResourceToleration";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.isCore("pods")
                || request.object().isEmpty()
                || !(request.object().get().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        var resources = new TreeSet<String>();
        for (var list : new String[] {"containers", "initContainers"}) {
            for (var container : spec.path(list)) {
                container.path("resources").path("requests").fieldNames().forEachRemaining(resources::add);
            }
        }
        resources.removeIf(name -> !name.contains("/") || name.contains("kubernetes.io/"));
        for (var resource : resources) {
            if (!tolerates(spec, resource)) {
                spec.withArrayProperty("tolerations")
                        .addObject()
                        .put("key", resource)
                        .put("operator", "Exists");
            }
        }
    }

    private static boolean tolerates(ObjectNode spec, String key) {
        for (var toleration : spec.path("tolerations")) {
            if (toleration.path("key").asText().equals(key)
                    && toleration.path("operator").asText().equals("Exists")
                    && toleration.path("effect").asText("").isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
