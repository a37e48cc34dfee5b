package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// A pod stays for five minutes on a node that is not ready or unreachable, unless it says otherwise.
final class DefaultTolerationSeconds implements AdmissionPlugin.Mutating {
    private static final int SECONDS = 300;
    private static final List<String> TAINTS =
            List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

    @Override
    public String name() {
        return "DefaultTolerationSeconds";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.isCore("pods") || request.object().isEmpty()) {
            return;
        }
        if (!(request.object().get().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        for (var taint : TAINTS) {
            if (!tolerates(spec.path("tolerations"), taint)) {
                spec.withArray("tolerations")
                        .addObject()
                        .put("key", taint)
                        .put("operator", "Exists")
                        .put("effect", "NoExecute")
                        .put("tolerationSeconds", SECONDS);
            }
        }
    }

    private static boolean tolerates(JsonNode tolerations, String taint) {
        for (var toleration : tolerations) {
            var key = toleration.path("key").asText("");
            var effect = toleration.path("effect").asText("");
            if ((key.equals(taint) || key.isEmpty()) && (effect.equals("NoExecute") || effect.isEmpty())) {
                return true;
            }
        }
        return false;
    }
}
