package dev.kapal.apiserver.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;

/// Whether an update of a pod changes anything that a policy looks at: most fields of a pod cannot change.
final class PodChanges {
    private static final String POD_SECCOMP = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String CONTAINER_SECCOMP = "container.seccomp.security.alpha.kubernetes.io/";

    private PodChanges() {}

    static boolean matter(JsonNode pod, JsonNode stored) {
        var annotations = pod.path("metadata").path("annotations");
        var before = stored.path("metadata").path("annotations");
        if (!annotations.path(POD_SECCOMP).equals(before.path(POD_SECCOMP))) {
            return true;
        }
        var spec = pod.path("spec");
        var storedSpec = stored.path("spec");
        for (var list : new String[] {"containers", "initContainers"}) {
            if (spec.path(list).size() != storedSpec.path(list).size()) {
                return true;
            }
            for (int i = 0; i < spec.path(list).size(); i++) {
                if (matters(spec.path(list).path(i), storedSpec.path(list).path(i), annotations, before)) {
                    return true;
                }
            }
        }
        for (var container : spec.path("ephemeralContainers")) {
            if (matters(container, sameName(container, storedSpec.path("ephemeralContainers")), annotations, before)) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode sameName(JsonNode container, JsonNode among) {
        for (var other : among) {
            if (other.path("name").equals(container.path("name"))) {
                return other;
            }
        }
        return among.path("none");
    }

    private static boolean matters(JsonNode container, JsonNode stored, JsonNode annotations, JsonNode before) {
        var seccomp = CONTAINER_SECCOMP + container.path("name").asText();
        return !container.path("image").equals(stored.path("image"))
                || !annotations.path(seccomp).equals(before.path(seccomp));
    }
}
