package dev.kapal.apiserver.admission.policy;

import dev.kapal.apiserver.admission.AdmissionRequest;
import java.util.Set;

/// What no policy may look at: what it is made of, and questions that change nothing.
final class Exempt {
    private static final Set<String> REGISTRATION = Set.of(
            "mutatingwebhookconfigurations",
            "validatingwebhookconfigurations",
            "mutatingadmissionpolicies",
            "mutatingadmissionpolicybindings",
            "validatingadmissionpolicies",
            "validatingadmissionpolicybindings");
    private static final Set<String> QUESTIONS = Set.of("authentication.k8s.io", "authorization.k8s.io");

    private Exempt() {}

    static boolean is(AdmissionRequest request) {
        var definition = request.definition();
        var group = definition.groupVersion().group();
        return group.equals("admissionregistration.k8s.io") && REGISTRATION.contains(definition.plural())
                || QUESTIONS.contains(group);
    }
}
