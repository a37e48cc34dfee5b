package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import java.util.Set;

/// What a node agent may do: read what pods need, write about its own node and the pods on it. Stateless. Which pods
/// those are needs the objects themselves and is checked where they are at hand (admission `NodeRestriction`).
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
            "configmaps",
            "secrets",
            "serviceaccounts",
            "persistentvolumeclaims",
            "persistentvolumes",
            "runtimeclasses",
            "csidrivers",
            "csinodes");

    Authorizer.Decision decide(User user, RequestInfo info) {
        boolean reads = READ.contains(info.verb()) && READABLE.contains(info.resource());
        return reads && info.subresource().isEmpty() ? Authorizer.Decision.ALLOW : write(user.nodeName(), info);
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
