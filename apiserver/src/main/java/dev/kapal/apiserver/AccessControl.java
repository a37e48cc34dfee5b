package dev.kapal.apiserver;

import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.apiserver.authz.Authorizers;
import dev.kapal.apiserver.authz.rbac.DefaultPolicy;
import dev.kapal.apiserver.authz.rbac.EscalationCheck;
import dev.kapal.apiserver.authz.rbac.RbacAuthorizer;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.registry.Security;
import dev.kapal.apiserver.review.AccessReviews;
import java.util.List;

/// Authorization of one server, put together from its options.
///
/// @param security what the resource pipeline needs of it
record AccessControl(Authorizer authorizer, Security security) {

    static AccessControl of(AccessOptions options, WatchCaches caches, DefaultPolicy policy) {
        var rbac = new RbacAuthorizer(caches);
        var authorizer = Authorizers.of(options.authorization(), caches, rbac, policy.rulesOf("system:node"));
        var guards = List.<AdmissionPlugin>of(new EscalationCheck(rbac, authorizer));
        return new AccessControl(
                authorizer, new Security(authorizer, guards, new AccessReviews(authorizer).resources()));
    }
}
