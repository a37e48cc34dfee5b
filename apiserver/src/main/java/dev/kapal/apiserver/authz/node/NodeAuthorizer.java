package dev.kapal.apiserver.authz.node;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.apiserver.authz.PolicyRule;
import dev.kapal.apiserver.authz.RuleMatch;
import dev.kapal.apiserver.authz.Rules;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.model.codec.GoText;
import dev.kapal.model.select.FieldSelector;
import dev.kapal.model.select.SelectorException;
import java.util.List;
import java.util.Set;

/// What a node's agent may do: about its own node, about the pods that are bound to it, and reading what these pods
/// refer to. Any thread, from memory. What it may write needs the objects themselves and is looked at by the admission
/// plugin `NodeRestriction`. Source: "Using Node Authorization".
public final class NodeAuthorizer implements Authorizer {
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> OWN = Set.of("get", "create", "update", "patch", "delete");
    private static final String LEASES = "kube-node-lease";

    private final NodeGraph graph;
    private final List<PolicyRule> rules;

    /// @param rules of the role `system:node`: they hold for resources that are not looked at more closely
    public NodeAuthorizer(WatchCaches caches, List<PolicyRule> rules) {
        this.graph = new NodeGraph(caches);
        this.rules = List.copyOf(rules);
    }

    @Override
    public Decision decide(User user, RequestInfo info) throws InterruptedException {
        if (!user.isIn("system:nodes") || !user.name().startsWith("system:node:")) {
            return Decision.NO_OPINION;
        }
        String node = user.nodeName();
        if (node.isEmpty()) {
            return Decision.noOpinion("unknown node for user " + GoText.quote(user.name()));
        }
        return switch (info.isResource() ? info.group() + "/" + info.resource() : "") {
            case "/secrets", "/configmaps" -> read(node, info);
            case "/persistentvolumeclaims" ->
                info.subresource().equals("status") ? writeStatus(node, info) : get(node, info);
            case "/persistentvolumes", "resource.k8s.io/resourceclaims", "storage.k8s.io/volumeattachments" ->
                get(node, info);
            case "/serviceaccounts" ->
                info.verb().equals("get") && info.subresource().isEmpty() ? get(node, info) : token(node, info);
            case "coordination.k8s.io/leases" -> lease(node, info);
            case "storage.k8s.io/csinodes" -> csiNode(node, info);
            case "resource.k8s.io/resourceslices" -> slice(node, info);
            case "/nodes" -> node(node, info);
            case "/pods" -> pod(node, info);
            default -> allowIf(RuleMatch.any(rules, info));
        };
    }

    @Override
    public Rules rules(User user, String namespace) {
        return user.isIn("system:nodes") && user.name().startsWith("system:node:")
                ? Rules.unknown("node authorizer")
                : Rules.NONE;
    }

    private static Decision allowIf(boolean allowed) {
        return allowed ? Decision.ALLOW : Decision.NO_OPINION;
    }

    private Decision read(String node, RequestInfo info) throws InterruptedException {
        if (!READ.contains(info.verb())) {
            return Decision.noOpinion("can only read resources of this type");
        }
        if (!info.subresource().isEmpty()) {
            return Decision.noOpinion("cannot read subresource");
        }
        if (info.namespace().isEmpty()) {
            return Decision.noOpinion("can only read namespaced object of this type");
        }
        return related(node, info);
    }

    private Decision get(String node, RequestInfo info) throws InterruptedException {
        if (!info.verb().equals("get")) {
            return Decision.noOpinion("can only get individual resources of this type");
        }
        if (!info.subresource().isEmpty()) {
            return Decision.noOpinion("cannot get subresource");
        }
        return related(node, info);
    }

    private Decision writeStatus(String node, RequestInfo info) throws InterruptedException {
        return switch (info.verb()) {
            case "update", "patch" -> related(node, info);
            default -> Decision.noOpinion("can only get/update/patch this type");
        };
    }

    private Decision related(String node, RequestInfo info) throws InterruptedException {
        if (info.name().isEmpty()) {
            return Decision.noOpinion("No Object name found");
        }
        return graph.leads(node, info.resource(), info.namespace(), info.name())
                ? Decision.ALLOW
                : Decision.noOpinion("no relationship found between node '" + node + "' and this object");
    }

    private Decision token(String node, RequestInfo info) throws InterruptedException {
        if (!info.verb().equals("create") || info.name().isEmpty()) {
            return Decision.noOpinion("can only create tokens for individual service accounts");
        }
        if (!info.subresource().equals("token")) {
            return Decision.noOpinion("can only create token subresource of serviceaccount");
        }
        return related(node, info);
    }

    private static Decision lease(String node, RequestInfo info) {
        if (!OWN.contains(info.verb())) {
            return Decision.noOpinion("can only get, create, update, patch, or delete a node lease");
        }
        if (!info.namespace().equals(LEASES)) {
            return Decision.noOpinion("can only access leases in the \"" + LEASES + "\" system namespace");
        }
        // a create carries no name yet: admission looks at it
        return info.verb().equals("create") || info.name().equals(node)
                ? Decision.ALLOW
                : Decision.noOpinion("can only access node lease with the same name as the requesting node");
    }

    private static Decision csiNode(String node, RequestInfo info) {
        if (!OWN.contains(info.verb())) {
            return Decision.noOpinion("can only get, create, update, patch, or delete a CSINode");
        }
        if (!info.subresource().isEmpty()) {
            return Decision.noOpinion("cannot authorize CSINode subresources");
        }
        return info.verb().equals("create") || info.name().equals(node)
                ? Decision.ALLOW
                : Decision.noOpinion("can only access CSINode with the same name as the requesting node");
    }

    private Decision slice(String node, RequestInfo info) throws InterruptedException {
        if (!info.subresource().isEmpty()) {
            return Decision.noOpinion("cannot authorize ResourceSlice subresources");
        }
        return switch (info.verb()) {
            case "create" -> Decision.ALLOW; // admission looks at the node that it names
            case "get", "update", "patch", "delete" -> related(node, info);
            case "watch", "list", "deletecollection" ->
                selects(info, "nodeName", node) || selects(info, "spec.nodeName", node)
                        ? Decision.ALLOW
                        : Decision.noOpinion(
                                "can only list/watch/deletecollection resourceslices with nodeName field selector");
            default ->
                Decision.noOpinion("only the following verbs are allowed for a ResourceSlice: get, watch, list, create,"
                        + " update, patch, delete, deletecollection");
        };
    }

    private static Decision node(String node, RequestInfo info) {
        return switch (info.subresource() + "/" + info.verb()) {
            case "/create", "/update", "/patch", "status/update", "status/patch" -> Decision.ALLOW;
            case "/get", "/list", "/watch" -> readNode(node, info.name());
            default -> Decision.NO_OPINION;
        };
    }

    private static Decision readNode(String node, String name) {
        if (name.equals(node)) {
            return Decision.ALLOW;
        }
        String what = name.isEmpty() ? "all nodes" : "'" + name + "'";
        return Decision.noOpinion("node '" + node + "' cannot read " + what + ", only its own Node object");
    }

    private Decision pod(String node, RequestInfo info) throws InterruptedException {
        return switch (info.subresource() + "/" + info.verb()) {
            case "/get" -> get(node, info);
            case "/list", "/watch" -> listPods(node, info);
            case "/create", "/delete", "status/update", "status/patch", "eviction/create" -> Decision.ALLOW;
            default -> Decision.NO_OPINION;
        };
    }

    private Decision listPods(String node, RequestInfo info) throws InterruptedException {
        if (selects(info, "spec.nodeName", node)) {
            return Decision.ALLOW;
        }
        return info.name().isEmpty()
                ? Decision.noOpinion("can only list/watch pods with spec.nodeName field selector")
                : related(node, info);
    }

    private static boolean selects(RequestInfo info, String field, String value) {
        if (info.fieldSelector().isEmpty()) {
            return false;
        }
        try {
            return FieldSelector.parse(info.fieldSelector())
                    .exact(field)
                    .filter(value::equals)
                    .isPresent();
        } catch (SelectorException broken) {
            return false; // the endpoint says what is wrong with it, to whom it may
        }
    }
}
