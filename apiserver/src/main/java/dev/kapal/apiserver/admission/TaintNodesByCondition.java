package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// A new node gets no pods before its first report: the taint that a node has which is not ready is there from the
/// start. The node controller takes it away.
final class TaintNodesByCondition implements AdmissionPlugin.Mutating {
    private static final String TAINT = "node.kubernetes.io/not-ready";

    @Override
    public String name() {
        return "TaintNodesByCondition";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.isCreate() || !request.isCore("nodes")) {
            return;
        }
        ObjectNode spec = request.object().orElseThrow().withObjectProperty("spec");
        var taints = spec.withArrayProperty("taints");
        for (var taint : taints) {
            if (taint.path("key").asText().equals(TAINT)
                    && taint.path("effect").asText().equals("NoSchedule")) {
                return;
            }
        }
        taints.addObject().put("key", TAINT).put("effect", "NoSchedule");
    }
}
