package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.authz.node.NodeAuthorizer;
import dev.kapal.apiserver.cache.WatchCaches;
import java.util.ArrayList;
import java.util.List;

/// Puts the chain of authorizers together.
public final class Authorizers {
    private Authorizers() {}

    /// @param rbac the one that decides by roles
    /// @param nodeRules what node agents may do with resources that are not looked at more closely
    public static Authorizer of(
            AuthorizationOptions options, WatchCaches caches, Authorizer rbac, List<PolicyRule> nodeRules) {
        var chain = new ArrayList<Authorizer>();
        chain.add(new Masters());
        for (var mode : options.modes()) {
            chain.add(
                    switch (mode) {
                        case NODE -> new NodeAuthorizer(caches, nodeRules);
                        case RBAC -> rbac;
                        case ALWAYS_ALLOW -> new AlwaysAllow();
                        case ALWAYS_DENY -> new AlwaysDeny();
                    });
        }
        return new AuthorizerChain(chain);
    }
}
