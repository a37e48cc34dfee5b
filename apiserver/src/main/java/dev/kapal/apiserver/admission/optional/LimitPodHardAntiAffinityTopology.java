package dev.kapal.apiserver.admission.optional;

import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;

/// Lets no pod keep others away from more than its own machine.
public final class LimitPodHardAntiAffinityTopology implements AdmissionPlugin.Validating {
    private static final String HOST = "kubernetes.io/hostname";

    @Override
    public String name() {
        return "LimitPodHardAntiAffinityTopology";
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!request.isCore("pods") || request.object().isEmpty()) {
            return;
        }
        var terms = request.object()
                .get()
                .path("spec")
                .path("affinity")
                .path("podAntiAffinity")
                .path("requiredDuringSchedulingIgnoredDuringExecution");
        for (var term : terms) {
            var key = term.path("topologyKey").asText();
            if (!key.equals(HOST)) {
                throw request.forbidden("affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey " + key
                        + " but only key " + HOST + " is allowed");
            }
        }
    }
}
