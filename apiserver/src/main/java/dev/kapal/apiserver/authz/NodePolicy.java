package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import java.util.Set;

/// What a node agent may do: read what its pods need, write about its own node and the pods on it. Any thread. Which
/// pods it may write about needs the objects themselves and is checked where they are at hand (admission
/// `NodeRestriction`).
final class NodePolicy {
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> CHANGE = Set.of("create", "update", "patch");
    private static final Set<String> READABLE = Set.of(
            "nodes",
            "pods",
            "services",
            "endpoints",
            "endpointslices",
            "namespaces",
            "persistentvolumes",
            "runtimeclasses",
            "csidrivers",
            "csinodes");

    /// Readable one by one, as long as a pod on the node refers to them.
    private static final Set<String> OF_PODS =
            Set.of("configmaps", "secrets", "serviceaccounts", "persistentvolumeclaims");

    private final PodsOfNode pods;

    NodePolicy(PodsOfNode pods) {
        this.pods = pods;
    }

    Authorizer.Decision decide(User user, RequestInfo info) {
        if (!READ.contains(info.verb()) || !info.subresource().isEmpty()) {
            return write(user.nodeName(), info);
        }
        if (info.group().isEmpty() && OF_PODS.contains(info.resource())) {
            return ofPod(user.nodeName(), info);
        }
        return READABLE.contains(info.resource()) ? Authorizer.Decision.ALLOW : write(user.nodeName(), info);
    }

    private Authorizer.Decision ofPod(String node, RequestInfo info) {
        if (info.namespace().isEmpty()) {
            return Authorizer.Decision.deny("can only read namespaced object of this type");
        }
        if (info.name().isEmpty()) {
            return Authorizer.Decision.deny("No Object name found");
        }
        boolean needed = pods.on(node, info.namespace()).stream()
                .anyMatch(pod -> PodNeeds.of(pod, info.resource()).contains(info.name()));
        return needed
                ? Authorizer.Decision.ALLOW
                : Authorizer.Decision.deny("no relationship found between node '" + node + "' and this object");
    }

    private static Authorizer.Decision write(String node, RequestInfo info) {
        return switch (info.resource()) {
            case "nodes" -> ownNode(node, info);
            case "pods" -> Authorizer.Decision.allowIf(isPodWrite(info));
            case "leases" -> ownLease(node, info);
            case "events" -> Authorizer.Decision.allowIf(CHANGE.contains(info.verb()));
            case "serviceaccounts" ->
                Authorizer.Decision.allowIf(
                        info.subresource().equals("token") && info.verb().equals("create"));
            default -> Authorizer.Decision.NO_OPINION;
        };
    }

    private static Authorizer.Decision ownNode(String node, RequestInfo info) {
        boolean change = CHANGE.contains(info.verb()) || info.verb().equals("get");
        boolean part = info.subresource().isEmpty() || info.subresource().equals("status");
        boolean own = info.name().isEmpty() || info.name().equals(node);
        if (change && part && !own) {
            return Authorizer.Decision.deny("node '" + node + "' cannot modify node '" + info.name() + "'");
        }
        return Authorizer.Decision.allowIf(change && part);
    }

    private static boolean isPodWrite(RequestInfo info) {
        return switch (info.subresource()) {
            case "" -> info.verb().equals("create") || info.verb().equals("delete");
            case "status" -> info.verb().equals("update") || info.verb().equals("patch");
            case "eviction" -> info.verb().equals("create");
            default -> false;
        };
    }

    private static Authorizer.Decision ownLease(String node, RequestInfo info) {
        boolean place = info.namespace().equals("kube-node-lease");
        boolean own = info.verb().equals("create") || info.name().equals(node);
        if (!place || !own) {
            return Authorizer.Decision.deny("can only access node lease with the same name as the requesting node");
        }
        return Authorizer.Decision.allowIf(CHANGE.contains(info.verb())
                || info.verb().equals("get")
                || info.verb().equals("delete"));
    }
}
