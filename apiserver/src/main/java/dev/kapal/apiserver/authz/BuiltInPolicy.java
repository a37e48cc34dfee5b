package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import java.util.Set;

/// What everybody may do before anybody wrote a role. Any thread. RBAC will take its place; the rules are those that
/// upstream's bootstrap roles give to the same names.
public final class BuiltInPolicy implements Authorizer {
    private static final Set<String> COMPONENTS =
            Set.of("system:kube-controller-manager", "system:kube-scheduler", "system:apiserver", "system:kube-proxy");
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> GET = Set.of("get", "head");
    /// Open to strangers: role `system:public-info-viewer`.
    private static final Set<String> PUBLIC = Set.of("/healthz", "/livez", "/readyz", "/version", "/version/");

    private final NodePolicy nodes;

    public BuiltInPolicy(PodsOfNode pods) {
        this.nodes = new NodePolicy(pods);
    }

    @Override
    public Decision decide(User user, RequestInfo info) {
        if (user.isIn(User.MASTERS)) {
            return Decision.ALLOW;
        }
        if (!info.isResource()) {
            return Decision.allowIf(mayReadPath(user, info));
        }
        if (COMPONENTS.contains(user.name())) {
            return componentMay(user, info);
        }
        return user.nodeName().isEmpty() ? Decision.NO_OPINION : nodes.decide(user, info);
    }

    private static boolean mayReadPath(User user, RequestInfo info) {
        if (!GET.contains(info.verb())) {
            return false;
        }
        if (PUBLIC.contains(info.path()) || isBelow(info.path(), "/healthz", "/livez", "/readyz")) {
            return true;
        }
        if (COMPONENTS.contains(user.name()) && info.path().equals("/metrics")) {
            return true;
        }
        return user.isIn("system:authenticated") && isDiscovery(info.path());
    }

    /// Role `system:discovery`, and the keys that tokens are checked with.
    private static boolean isDiscovery(String path) {
        return path.equals("/")
                || path.equals("/api")
                || path.equals("/apis")
                || path.equals("/openapi/v2")
                || path.equals("/openapi/v3")
                || path.equals("/.well-known/openid-configuration")
                || isBelow(path, "/api", "/apis", "/openapi", "/openid");
    }

    private static boolean isBelow(String path, String... prefixes) {
        for (var prefix : prefixes) {
            if (path.startsWith(prefix) && path.startsWith("/", prefix.length())) {
                return true;
            }
        }
        return false;
    }

    private static Decision componentMay(User user, RequestInfo info) {
        boolean onlyReads = user.name().equals("system:kube-proxy");
        boolean writesEvents = info.resource().equals("events");
        return Decision.allowIf(!onlyReads || READ.contains(info.verb()) || writesEvents);
    }
}
