package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionRequest.Operation;

/// A node's agent writes its own Node, its own lease, and the pods bound to it: nothing else of these kinds.
final class NodeRestriction implements AdmissionPlugin.Mutating {
    @Override
    public String name() {
        return "NodeRestriction";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var node = request.user().nodeName();
        if (node.isEmpty()) {
            return;
        }
        if (request.isCoreOrBelow("nodes") && !own(request).equals(node)) {
            throw request.forbidden("node \"" + node + "\" is not allowed to modify node \"" + own(request) + "\"");
        }
        if (request.isCoreOrBelow("pods")) {
            admitPod(request, node);
        }
        if (request.definition().plural().equals("leases")) {
            admitLease(request, node);
        }
    }

    private static String own(AdmissionRequest request) {
        return request.name().isEmpty()
                ? request.object()
                        .map(o -> o.path("metadata").path("name").asText())
                        .orElse("")
                : request.name();
    }

    private static void admitPod(AdmissionRequest request, String node) {
        if (request.subresource().equals("eviction")) {
            return;
        }
        if (request.isCreate()) {
            if (!request.object().map(NodeRestriction::isMirror).orElse(false)) {
                throw request.forbidden("pod does not have \"kubernetes.io/config.mirror\" annotation, node \"" + node
                        + "\" can only create mirror pods");
            }
            return;
        }
        var stored = request.stored().map(NodeRestriction::nodeName).orElse("");
        if (!stored.equals(node)) {
            var what = request.operation() == Operation.DELETE ? "delete" : "update status for";
            throw request.forbidden(
                    "node \"" + node + "\" can only " + what + " pods with spec.nodeName set to itself");
        }
    }

    private static void admitLease(AdmissionRequest request, String node) {
        if (!request.namespace().equals("kube-node-lease")) {
            throw request.forbidden("can only access leases in the \"kube-node-lease\" system namespace");
        }
        if (!own(request).equals(node)) {
            throw request.forbidden("can only access node lease with the same name as the requesting node");
        }
    }

    private static boolean isMirror(ObjectNode pod) {
        return pod.path("metadata").path("annotations").has("kubernetes.io/config.mirror")
                && !nodeName(pod).isEmpty();
    }

    private static String nodeName(ObjectNode pod) {
        return pod.path("spec").path("nodeName").asText("");
    }
}
