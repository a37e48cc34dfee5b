package dev.kapal.apiserver.authz.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.AdmissionRequest.Operation;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.apiserver.authz.PolicyRule;
import dev.kapal.model.GroupResource;
import dev.kapal.model.codec.GoText;
import java.util.List;

/// Nobody grants what he does not hold himself, unless he may `escalate` the role or `bind` it. Stands after everything
/// that changes objects. Any thread. Source: "Using RBAC Authorization", privilege escalation prevention.
public final class EscalationCheck implements AdmissionPlugin.Mutating {
    private static final String GROUP = "rbac.authorization.k8s.io";

    private final RbacAuthorizer rbac;
    private final Authorizer authorizer;

    /// @param authorizer the whole chain: `escalate` and `bind` may come from any authorizer
    public EscalationCheck(RbacAuthorizer rbac, Authorizer authorizer) {
        this.rbac = rbac;
        this.authorizer = authorizer;
    }

    @Override
    public String name() {
        return "RBACEscalationCheck";
    }

    @Override
    public void mutate(AdmissionRequest request) throws InterruptedException {
        boolean ours = request.definition().groupVersion().group().equals(GROUP)
                && request.subresource().isEmpty()
                && request.operation() != Operation.DELETE;
        if (!ours || request.user().isIn(User.MASTERS)) {
            return;
        }
        var object = request.object().orElseThrow();
        if (request.stored()
                .map(stored -> isOnlyForGarbageCollection(object, stored))
                .orElse(false)) {
            return;
        }
        switch (request.definition().plural()) {
            case "roles", "clusterroles" -> role(request, object);
            case "rolebindings", "clusterrolebindings" -> binding(request, object);
            default -> {}
        }
    }

    private void role(AdmissionRequest request, ObjectNode object) throws InterruptedException {
        var stored = request.stored();
        boolean sameRules = stored.map(before -> same(before, object, "rules")).orElse(false);
        boolean aggregates =
                aggregates(object) || stored.map(EscalationCheck::aggregates).orElse(false);
        boolean sameAggregation =
                stored.map(before -> same(before, object, "aggregationRule")).orElse(false);
        if (sameRules && (!aggregates || sameAggregation)
                || may(request.user(), "escalate", request.definition().plural(), request.namespace(), name(request))) {
            return;
        }
        if (!sameRules) {
            confirm(request, PolicyRule.listOf(object.path("rules")));
        }
        if (aggregates
                && !sameAggregation
                && !missing(request, PolicyRule.EVERYTHING).isEmpty()) {
            throw forbidden(request, "must have cluster-admin privileges to use an aggregationRule");
        }
    }

    private void binding(AdmissionRequest request, ObjectNode object) throws InterruptedException {
        var ref = object.path("roleRef");
        var role =
                new Binding.RoleRef(ref.path("kind").asText(), ref.path("name").asText());
        String plural = role.isClusterRole() ? "clusterroles" : "roles";
        if (may(request.user(), "bind", plural, request.namespace(), role.name())) {
            return;
        }
        var rules = rbac.rulesOf(role, request.namespace())
                .orElseThrow(() -> ApiException.notFound(new GroupResource(GROUP, plural), role.name()));
        confirm(request, rules);
    }

    private void confirm(AdmissionRequest request, List<PolicyRule> wanted) throws InterruptedException {
        var missing = missing(request, wanted);
        if (missing.isEmpty()) {
            return;
        }
        var user = request.user();
        var errors = rbac.rules(user, request.namespace()).errors();
        throw forbidden(
                request,
                "user " + GoText.quote(user.name()) + " (groups=" + GoText.quote(user.groups())
                        + ") is attempting to grant RBAC permissions not currently held:\n"
                        + String.join("\n", Coverage.describe(missing))
                        + (errors.isEmpty() ? "" : "; resolution errors: [" + String.join(" ", errors) + "]"));
    }

    private List<PolicyRule> missing(AdmissionRequest request, List<PolicyRule> wanted) throws InterruptedException {
        return Coverage.missing(rbac.rules(request.user(), request.namespace()).rules(), wanted);
    }

    private boolean may(User user, String verb, String plural, String namespace, String name)
            throws InterruptedException {
        return authorizer
                .decide(user, RequestInfo.resource(verb, GROUP, "v1", namespace, plural, "", name))
                .allowed();
    }

    private static ApiException forbidden(AdmissionRequest request, String why) {
        return ApiException.forbidden(request.definition().groupResource(), name(request), why);
    }

    private static String name(AdmissionRequest request) {
        return request.name().isEmpty()
                ? request.object().map(EscalationCheck::nameOf).orElse("")
                : request.name();
    }

    private static String nameOf(ObjectNode object) {
        return object.path("metadata").path("name").asText("");
    }

    private static boolean aggregates(ObjectNode role) {
        return !role.path("aggregationRule").path("clusterRoleSelectors").isEmpty();
    }

    private static boolean same(ObjectNode one, ObjectNode other, String field) {
        return isSame(one.path(field), other.path(field));
    }

    private static boolean isSame(JsonNode one, JsonNode other) {
        return one.isEmpty() && other.isEmpty() || one.equals(other);
    }

    /// The garbage collector must be able to take owners and finalizers away from what it could not grant.
    private static boolean isOnlyForGarbageCollection(ObjectNode object, ObjectNode stored) {
        return withoutCollected(object).equals(withoutCollected(stored))
                && !collected(object).equals(collected(stored));
    }

    private static ObjectNode withoutCollected(ObjectNode object) {
        var copy = object.deepCopy();
        if (copy.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(List.of("ownerReferences", "finalizers", "managedFields", "resourceVersion"));
        }
        return copy;
    }

    private static List<JsonNode> collected(ObjectNode object) {
        var metadata = object.path("metadata");
        return List.of(metadata.path("ownerReferences"), metadata.path("finalizers"));
    }
}
