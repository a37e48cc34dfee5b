package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.http.Headers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Lets a user who may do so act as another: `kubectl --as`. Source: API reference, "User impersonation".
final class Impersonating implements Filter {
    private static final String USER = "Impersonate-User";
    private static final String GROUP = "Impersonate-Group";
    private static final String UID = "Impersonate-Uid";
    private static final String EXTRA = "impersonate-extra-";
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    private final Authorizer authorizer;

    Impersonating(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        var headers = call.request().headers();
        if (!headers.has(USER)) {
            if (headers.has(GROUP) || headers.has(UID) || !extra(headers).isEmpty()) {
                throw ApiException.internal(
                        "requested " + new ArrayList<>(headers.all(GROUP)) + " without impersonating a user name");
            }
            next.handle(call);
            return;
        }
        String name = headers.first(USER).orElseThrow();
        check(call.user(), "users", name);
        for (var group : headers.all(GROUP)) {
            check(call.user(), "groups", group);
        }
        next.handle(new Call(call.info(), actedFor(name, headers), call.exchange()));
    }

    private static User actedFor(String name, Headers headers) {
        var groups = new ArrayList<>(headers.all(GROUP));
        if (groups.isEmpty() && name.startsWith(SERVICE_ACCOUNT)) {
            groups.add("system:serviceaccounts");
            groups.add("system:serviceaccounts:" + name.split(":", -1)[2]);
        }
        if (!name.equals(User.ANONYMOUS) && !groups.contains("system:authenticated")) {
            groups.add("system:authenticated");
        } else if (name.equals(User.ANONYMOUS) && !groups.contains("system:unauthenticated")) {
            groups.add("system:unauthenticated");
        }
        return new User(name, headers.first(UID).orElse(""), groups, extra(headers));
    }

    private static Map<String, List<String>> extra(Headers headers) {
        var extra = new LinkedHashMap<String, List<String>>();
        for (var name : headers.names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(EXTRA)) {
                extra.put(lower.substring(EXTRA.length()), headers.all(name));
            }
        }
        return extra;
    }

    private void check(User user, String resource, String name) throws InterruptedException {
        var wish = new RequestInfo(true, "", "impersonate", "api", "", "v1", "", resource, "", name, List.of());
        Authorizing.require(authorizer, user, wish);
    }
}
