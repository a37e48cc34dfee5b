package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.audit.AuditTrail;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.http.Headers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Lets a user who may do so act as another: `kubectl --as`. The name, each group, the uid and each extra value are
/// rights of their own. Source: API reference, "User impersonation".
final class Impersonating implements Filter {
    private static final String USER = "Impersonate-User";
    private static final String GROUP = "Impersonate-Group";
    private static final String UID = "Impersonate-Uid";
    private static final String EXTRA = "impersonate-extra-";
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";
    private static final String AUTHENTICATION = "authentication.k8s.io";

    private final Authorizer authorizer;

    Impersonating(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        var headers = call.request().headers();
        String name = headers.first(USER).orElse("");
        var wishes = wishes(name, headers);
        if (wishes.isEmpty()) {
            next.handle(call);
            return;
        }
        if (name.isEmpty()) {
            throw ApiException.internal("requested " + wishes + " without impersonating a user");
        }
        for (var wish : wishes) {
            Authorizing.require(authorizer, call.user(), wish.request());
        }
        var user = actedFor(name, headers);
        AuditTrail.impersonated(user);
        next.handle(new Call(call.info(), user, call.exchange()));
    }

    /// One thing to be: printed as upstream prints its references.
    private record Wish(String kind, String name, String group, String key, RequestInfo request) {
        @Override
        public String toString() {
            String version = group.isEmpty() ? "" : group + "/v1";
            return "{" + kind + "  " + name + "  " + version + "  " + key + "}";
        }
    }

    private static List<Wish> wishes(String name, Headers headers) {
        var wishes = new ArrayList<Wish>();
        var account = account(name);
        if (account.length > 0) {
            wishes.add(wish("ServiceAccount", "", account[0], "serviceaccounts", "", account[1]));
        } else if (!name.isEmpty()) {
            wishes.add(wish("User", "", "", "users", "", name));
        }
        for (var group : headers.all(GROUP)) {
            wishes.add(wish("Group", "", "", "groups", "", group));
        }
        extra(headers)
                .forEach((key, values) -> values.forEach(
                        value -> wishes.add(wish("UserExtra", AUTHENTICATION, "", "userextras", key, value))));
        headers.first(UID)
                .filter(uid -> !uid.isEmpty())
                .ifPresent(uid -> wishes.add(wish("UID", AUTHENTICATION, "", "uids", "", uid)));
        return wishes;
    }

    private static Wish wish(
            String kind, String group, String namespace, String resource, String subresource, String name) {
        String version = group.isEmpty() ? "" : "v1";
        return new Wish(
                kind,
                name,
                group,
                subresource,
                RequestInfo.resource("impersonate", group, version, namespace, resource, subresource, name));
    }

    /// Namespace and name of a service account; empty for other users.
    private static String[] account(String name) {
        var parts = name.startsWith(SERVICE_ACCOUNT) ? name.split(":", -1) : new String[0];
        return parts.length == 4 && !parts[2].isEmpty() && !parts[3].isEmpty()
                ? new String[] {parts[2], parts[3]}
                : new String[0];
    }

    private static User actedFor(String name, Headers headers) {
        var groups = new ArrayList<>(headers.all(GROUP));
        var account = account(name);
        if (groups.isEmpty() && account.length > 0) {
            groups.add("system:serviceaccounts");
            groups.add("system:serviceaccounts:" + account[0]);
        }
        String everybody = name.equals(User.ANONYMOUS) ? "system:unauthenticated" : "system:authenticated";
        if (!groups.contains("system:authenticated") && !groups.contains("system:unauthenticated")) {
            groups.add(everybody);
        }
        return new User(name, headers.first(UID).orElse(""), groups, extra(headers));
    }

    private static Map<String, List<String>> extra(Headers headers) {
        var extra = new LinkedHashMap<String, List<String>>();
        for (var name : headers.names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(EXTRA)) {
                extra.put(decoded(lower.substring(EXTRA.length())), headers.all(name));
            }
        }
        return extra;
    }

    /// Keys come percent-encoded; what is no encoding stands for itself.
    private static String decoded(String key) {
        try {
            return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException plain) {
            return key;
        }
    }
}
