package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/// A pod stays for some minutes on a node that is not ready or unreachable, unless it says otherwise.
final class DefaultTolerationSeconds implements AdmissionPlugin.Mutating {
    private final Map<String, Long> secondsByTaint = new LinkedHashMap<>();

    DefaultTolerationSeconds(AdmissionChoice.Patience patience) {
        secondsByTaint.put("node.kubernetes.io/not-ready", patience.notReady());
        secondsByTaint.put("node.kubernetes.io/unreachable", patience.unreachable());
    }

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
        for (var taint : secondsByTaint.entrySet()) {
            if (!tolerates(spec.path("tolerations"), taint.getKey())) {
                spec.withArray("tolerations")
                        .addObject()
                        .put("key", taint.getKey())
                        .put("operator", "Exists")
                        .put("effect", "NoExecute")
                        .put("tolerationSeconds", taint.getValue());
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
