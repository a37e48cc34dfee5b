package dev.kapal.apiserver.admission.optional;

import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;

/// Refuses everything: to see that plugins are asked at all.
public final class AlwaysDeny implements AdmissionPlugin.Mutating {
    @Override
    public String name() {
        return "AlwaysDeny";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        throw request.forbidden("admission control is denying all modifications");
    }
}
