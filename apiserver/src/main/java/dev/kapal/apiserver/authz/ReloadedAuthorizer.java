package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import java.util.function.Supplier;

/// Whoever decides at the moment. Any thread.
record ReloadedAuthorizer(Supplier<Authorizer> current) implements Authorizer {
    @Override
    public Decision decide(User user, RequestInfo info) throws InterruptedException {
        return current.get().decide(user, info);
    }

    @Override
    public Rules rules(User user, String namespace) throws InterruptedException {
        return current.get().rules(user, namespace);
    }
}
