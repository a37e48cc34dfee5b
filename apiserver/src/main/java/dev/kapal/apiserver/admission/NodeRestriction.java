package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionRequest.Operation;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.model.GroupVersionResource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A node's agent writes what belongs to its own node and the pods bound to it: nothing else of these kinds.
///
/// Source: Kubernetes documentation, NodeRestriction.
final class NodeRestriction implements AdmissionPlugin.Mutating {
    private static final GroupVersionResource PODS = new GroupVersionResource("", "v1", "pods");
    private static final GroupVersionResource NODES = new GroupVersionResource("", "v1", "nodes");
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final List<String> REFERENCES = List.of("secret", "configMap", "persistentVolumeClaim");

    private final ObjectReader objects;

    NodeRestriction(ObjectReader objects) {
        this.objects = objects;
    }

    @Override
    public String name() {
        return "NodeRestriction";
    }

    @Override
    public void mutate(AdmissionRequest request) throws InterruptedException {
        var user = request.user();
        if (!user.isIn("system:nodes") || !user.name().startsWith("system:node:")) {
            return;
        }
        var node = user.nodeName();
        if (node.isEmpty()) {
            throw request.forbidden("could not determine node from user \"" + user.name() + "\"");
        }
        var definition = request.definition();
        switch (definition.groupVersion().group() + "/" + definition.plural()) {
            case "/pods" -> admitPods(request, node);
            case "/nodes" -> admitNode(request, node);
            case "/persistentvolumeclaims" -> admitClaim(request, node);
            case "/serviceaccounts" -> admitToken(request, node);
            case "coordination.k8s.io/leases" -> admitLease(request, node);
            case "storage.k8s.io/csinodes" -> {
                if (!own(request).equals(node)) {
                    throw request.forbidden("can only access CSINode with the same name as the requesting node");
                }
            }
            case "resource.k8s.io/resourceslices" -> admitSlice(request, node);
            default -> {}
        }
    }

    private void admitPods(AdmissionRequest request, String node) throws InterruptedException {
        switch (request.subresource()) {
            case "" -> admitPod(request, node);
            case "status" -> admitPodStatus(request, node);
            case "eviction" -> {
                var pod = objects.find(PODS, request.namespace(), own(request));
                if (pod.isPresent() && !nodeName(pod.get()).equals(node)) {
                    throw request.forbidden("node " + node + " can only evict pods with spec.nodeName set to itself");
                }
            }
            default ->
                throw request.forbidden("unexpected pod subresource \"" + request.subresource()
                        + "\", only 'status' and 'eviction' are allowed");
        }
    }

    private void admitPod(AdmissionRequest request, String node) throws InterruptedException {
        switch (request.operation()) {
            case CREATE -> admitMirror(request, request.object().orElseThrow(), node);
            case DELETE -> {
                if (!nodeName(request.stored().orElseThrow()).equals(node)) {
                    throw request.forbidden(
                            "node \"" + node + "\" can only delete pods with spec.nodeName set to itself");
                }
            }
            default ->
                throw request.forbidden("unexpected operation \"" + request.operation() + "\", node \"" + node
                        + "\" can only create and delete mirror pods");
        }
    }

    private void admitMirror(AdmissionRequest request, ObjectNode pod, String node) throws InterruptedException {
        if (!pod.path("metadata").path("annotations").has(MIRROR)) {
            throw request.forbidden("pod does not have \"" + MIRROR + "\" annotation, node \"" + node
                    + "\" can only create mirror pods");
        }
        if (!nodeName(pod).equals(node)) {
            throw request.forbidden("node \"" + node + "\" can only create pods with spec.nodeName set to itself");
        }
        admitOwner(request, pod.path("metadata").path("ownerReferences"), node);
        var spec = pod.path("spec");
        if (!spec.path("serviceAccountName").asText("").isEmpty()) {
            throw request.forbidden("node \"" + node + "\" can not create pods that reference a service account");
        }
        for (var field : REFERENCES) {
            if (SpecReferences.has(spec, field)) {
                throw request.forbidden(
                        "node \"" + node + "\" can not create pods that reference " + SpecReferences.plural(field));
            }
        }
        if (!spec.path("resourceClaims").isEmpty()) {
            throw request.forbidden("node \"" + node + "\" can not create pods that reference resourceclaims");
        }
    }

    private void admitOwner(AdmissionRequest request, JsonNode owners, String node) throws InterruptedException {
        var prefix = "node \"" + node + "\" ";
        if (owners.size() > 1) {
            throw request.forbidden(prefix + "can only create pods with a single owner reference set to itself");
        }
        var owner = owners.path(0);
        if (!owner.path("apiVersion").asText().equals("v1")
                || !owner.path("kind").asText().equals("Node")
                || !owner.path("name").asText().equals(node)) {
            throw request.forbidden(prefix + "can only create pods with an owner reference set to itself");
        }
        if (!owner.path("controller").asBoolean()) {
            throw request.forbidden(prefix + "can only create pods with a controller owner reference set to itself");
        }
        if (owner.path("blockOwnerDeletion").asBoolean()) {
            throw request.forbidden(prefix + "must not set blockOwnerDeletion on an owner reference");
        }
        var uid = objects.find(NODES, "", node)
                .orElseThrow(() -> ApiException.notFound(NODES.groupResource(), node))
                .path("metadata")
                .path("uid")
                .asText();
        if (!owner.path("uid").asText().equals(uid)) {
            throw request.forbidden("node " + node + " UID mismatch: expected "
                    + owner.path("uid").asText() + " got " + uid);
        }
    }

    private static void admitPodStatus(AdmissionRequest request, String node) {
        if (request.operation() != Operation.UPDATE) {
            throw request.forbidden("unexpected operation \"" + request.operation() + "\"");
        }
        var stored = request.stored().orElseThrow();
        var pod = request.object().orElseThrow();
        if (!nodeName(stored).equals(node)) {
            throw request.forbidden(
                    "node \"" + node + "\" can only update pod status for pods with spec.nodeName set to itself");
        }
        if (!labels(stored).equals(labels(pod))) {
            throw request.forbidden("node \"" + node + "\" cannot update labels through pod status");
        }
        if (!stored.path("status")
                .path("resourceClaimStatuses")
                .equals(pod.path("status").path("resourceClaimStatuses"))) {
            throw request.forbidden("node \"" + node + "\" cannot update resource claim statuses");
        }
    }

    private static void admitNode(AdmissionRequest request, String node) {
        if (!own(request).equals(node)) {
            throw request.forbidden("node \"" + node + "\" is not allowed to modify node \"" + own(request) + "\"");
        }
        if (request.object().isEmpty()) {
            return;
        }
        var wanted = request.object().get();
        if (request.isCreate()) {
            var forbidden = NodeLabels.forbidden(labels(wanted), Optional.empty());
            if (!forbidden.isEmpty()) {
                throw request.forbidden("node \"" + node + "\" is not allowed to set the following labels: "
                        + String.join(", ", forbidden));
            }
            return;
        }
        var stored = request.stored().orElseThrow();
        if (!stored.path("spec").path("taints").equals(wanted.path("spec").path("taints"))) {
            throw request.forbidden("node \"" + node + "\" is not allowed to modify taints");
        }
        var forbidden = NodeLabels.forbidden(labels(wanted), Optional.of(labels(stored)));
        if (!forbidden.isEmpty()) {
            throw request.forbidden(
                    "node \"" + node + "\" is not allowed to modify labels: " + String.join(", ", forbidden));
        }
        if (!stored.path("metadata")
                .path("ownerReferences")
                .equals(wanted.path("metadata").path("ownerReferences"))) {
            throw request.forbidden("node \"" + node + "\" is not allowed to modify ownerReferences");
        }
    }

    private static void admitClaim(AdmissionRequest request, String node) {
        if (!request.subresource().equals("status")) {
            throw request.forbidden("may only update PVC status");
        }
        if (request.operation() != Operation.UPDATE) {
            throw request.forbidden("unexpected operation \"" + request.operation() + "\"");
        }
        if (!withoutResize(request.object().orElseThrow())
                .equals(withoutResize(request.stored().orElseThrow()))) {
            throw request.forbidden("node \"" + node
                    + "\" is not allowed to update fields other than status.quantity and status.conditions");
        }
    }

    private static ObjectNode withoutResize(ObjectNode claim) {
        var rest = claim.deepCopy();
        rest.withObjectProperty("metadata").remove(List.of("managedFields", "resourceVersion"));
        rest.withObjectProperty("status")
                .remove(List.of(
                        "capacity",
                        "conditions",
                        "allocatedResources",
                        "allocatedResourceStatuses",
                        "currentVolumeAttributesClassName",
                        "modifyVolumeStatus"));
        return rest;
    }

    private void admitToken(AdmissionRequest request, String node) throws InterruptedException {
        if (!request.isCreate() || !request.subresource().equals("token")) {
            return;
        }
        var bound = request.object().orElseThrow().path("spec").path("boundObjectRef");
        var name = bound.path("name").asText("");
        if (!bound.path("apiVersion").asText().equals("v1")
                || !bound.path("kind").asText().equals("Pod")
                || name.isEmpty()) {
            throw request.forbidden("node requested token not bound to a pod");
        }
        var uid = bound.path("uid").asText("");
        if (uid.isEmpty()) {
            throw request.forbidden("node requested token with a pod binding without a uid");
        }
        var pod = objects.find(PODS, request.namespace(), name)
                .orElseThrow(() -> ApiException.notFound(PODS.groupResource(), name));
        if (!uid.equals(pod.path("metadata").path("uid").asText())) {
            throw request.forbidden("the UID in the bound object reference (" + uid
                    + ") does not match the UID in record. The object might have been deleted and then recreated");
        }
        if (!nodeName(pod).equals(node)) {
            throw request.forbidden("node requested token bound to a pod scheduled on a different node");
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

    private static void admitSlice(AdmissionRequest request, String node) {
        var slice = request.object().or(request::stored);
        if (slice.isPresent()
                && !slice.get().path("spec").path("nodeName").asText("").equals(node)) {
            throw request.forbidden(
                    request.isCreate()
                            ? "can only create ResourceSlice with the same NodeName as the requesting node"
                            : "can only modify ResourceSlice with the same NodeName as the requesting node");
        }
    }

    private static String own(AdmissionRequest request) {
        return request.nameForMessages();
    }

    private static JsonNode labels(ObjectNode object) {
        return object.path("metadata").path("labels");
    }

    private static String nodeName(ObjectNode pod) {
        return pod.path("spec").path("nodeName").asText("");
    }

    /// Which labels an agent may put on its node: its own and those of nobody in particular. Labels by which pods are
    /// steered to trusted nodes are out of its reach.
    private static final class NodeLabels {
        private static final Set<String> AGENTS = Set.of(
                "kubernetes.io/hostname",
                "topology.kubernetes.io/zone",
                "topology.kubernetes.io/region",
                "failure-domain.beta.kubernetes.io/zone",
                "failure-domain.beta.kubernetes.io/region",
                "node.kubernetes.io/instance-type",
                "beta.kubernetes.io/instance-type",
                "kubernetes.io/os",
                "kubernetes.io/arch",
                "beta.kubernetes.io/os",
                "beta.kubernetes.io/arch",
                "node.kubernetes.io/windows-build");
        private static final List<String> AGENTS_DOMAINS = List.of("kubelet.kubernetes.io", "node.kubernetes.io");

        static TreeSet<String> forbidden(JsonNode wanted, Optional<JsonNode> stored) {
            var changed = new TreeSet<String>();
            wanted.fieldNames().forEachRemaining(changed::add);
            if (stored.isPresent()) {
                stored.get().fieldNames().forEachRemaining(changed::add);
                changed.removeIf(label -> wanted.path(label).equals(stored.get().path(label)));
            }
            changed.removeIf(NodeLabels::isAllowed);
            return changed;
        }

        private static boolean isAllowed(String label) {
            int slash = label.indexOf('/');
            var domain = slash < 0 ? "" : label.substring(0, slash);
            if (isIn(domain, "node-restriction.kubernetes.io")) {
                return false;
            }
            boolean reserved = isIn(domain, "kubernetes.io") || isIn(domain, "k8s.io");
            return !reserved
                    || AGENTS.contains(label)
                    || AGENTS_DOMAINS.stream().anyMatch(agents -> isIn(domain, agents));
        }

        private static boolean isIn(String domain, String parent) {
            return domain.equals(parent) || domain.endsWith("." + parent);
        }
    }
}
