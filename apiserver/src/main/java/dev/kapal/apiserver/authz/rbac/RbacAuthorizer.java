package dev.kapal.apiserver.authz.rbac;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.apiserver.authz.PolicyRule;
import dev.kapal.apiserver.authz.Rules;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.model.codec.GoText;
import java.util.List;
import java.util.Optional;

/// Decides by roles and bindings; it only ever allows. Any thread, from memory.
///
/// A grant is in force once its write was answered: before somebody is refused, the index catches up with the store. A
/// grant that is taken away ends within the moment that the watch cache lags.
public final class RbacAuthorizer implements Authorizer {
    private final RbacIndex index;

    public RbacAuthorizer(WatchCaches caches) {
        this.index = new RbacIndex(caches);
    }

    @Override
    public Decision decide(User user, RequestInfo info) throws InterruptedException {
        index.refresh();
        var found = index.find(user, info);
        if (found == null && index.refreshToNewest()) {
            found = index.find(user, info);
        }
        if (found != null) {
            return found;
        }
        var missing = index.missing(user, info.namespace());
        return missing.isEmpty() ? Decision.NO_OPINION : Decision.noOpinion("RBAC: " + GoText.aggregate(missing));
    }

    @Override
    public Rules rules(User user, String namespace) throws InterruptedException {
        index.refreshToNewest();
        return index.rules(user, namespace);
    }

    /// The rules of the role that a binding in `namespace` (empty: cluster-wide) refers to.
    Optional<List<PolicyRule>> rulesOf(Binding.RoleRef role, String namespace) throws InterruptedException {
        index.refreshToNewest();
        return index.role((role.isClusterRole() ? "_" : namespace) + "/" + role.name());
    }
}
