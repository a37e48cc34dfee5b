package dev.kapal.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.authn.Authentication;
import dev.kapal.apiserver.authn.Authenticator;
import dev.kapal.apiserver.authn.ServiceAccountTokens;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.apiserver.authz.Authorizers;
import dev.kapal.apiserver.authz.node.NodeAuthorizer;
import dev.kapal.apiserver.authz.rbac.DefaultPolicy;
import dev.kapal.apiserver.authz.rbac.EscalationCheck;
import dev.kapal.apiserver.authz.rbac.RbacAuthorizer;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.registry.Resources;
import dev.kapal.apiserver.registry.Security;
import dev.kapal.apiserver.review.AccessReviews;
import dev.kapal.apiserver.review.UserReviews;
import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.pki.TrustRoots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;

/// Authentication and authorization of one server, put together from its options. Authentication reads through the
/// resources and answers for some of them, so it joins when they are there ([#admit]).
final class AccessControl {
    private static final GroupVersionResource SECRETS = new GroupVersionResource("", "v1", "secrets");

    private final Authorizer authorizer;
    private final Security security;
    private volatile Authentication authentication;

    private AccessControl(Authorizer authorizer, RbacAuthorizer rbac, Time time) {
        var computed = new HashMap<>(new AccessReviews(authorizer).resources());
        computed.putAll(
                new UserReviews((token, audiences) -> authentication.review(token, audiences), time).resources());
        this.authorizer = authorizer;
        this.security = new Security(authorizer, List.of(new EscalationCheck(rbac, authorizer)), computed);
    }

    /// @param life what is to be closed at the end joins it
    static AccessControl of(ApiServerConfig config, WatchCaches caches, DefaultPolicy policy, Life life)
            throws IOException {
        var rbac = new RbacAuthorizer(caches);
        var nodeRules = policy.rulesOf("system:node");
        var options = config.access().authorization();
        try {
            var parts = new Authorizers(rbac, new Once<>(() -> new NodeAuthorizer(caches, nodeRules)), config.time());
            return new AccessControl(parts.chain(options, config.metrics(), life), rbac, config.time());
        } catch (IllegalArgumentException senseless) {
            throw new AccessOptions.UnusableException(senseless);
        }
    }

    /// What the resource pipeline needs.
    Security security() {
        return security;
    }

    Authorizer authorizer() {
        return authorizer;
    }

    /// From now on people are recognized.
    ///
    /// @throws IOException when a file of the options cannot be read
    Authenticator admit(ApiServerConfig config, Resources resources, ServiceAccountTokens tokens, Life life)
            throws IOException {
        var around = new Authentication.Surroundings(
                config.pki().roots(),
                new Once<>(() -> proxyRoots(config)),
                tokens,
                resources::get,
                (namespace, secret, label, value) ->
                        resources.update(SECRETS, namespace, secret, stored -> labelled(stored, label, value)),
                config.metrics(),
                config.time());
        try {
            authentication = Authentication.of(config.access().authentication(), around, life);
        } catch (IllegalArgumentException senseless) {
            throw new AccessOptions.UnusableException(senseless);
        }
        return authentication.authenticator();
    }

    private static ObjectNode labelled(ObjectNode object, String label, String value) {
        object.withObject("/metadata").withObject("/labels").put(label, value);
        return object;
    }

    private static TrustRoots proxyRoots(ApiServerConfig config) {
        try {
            return new TrustRoots(List.of(config.pki().frontProxyAuthority().certificate()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
