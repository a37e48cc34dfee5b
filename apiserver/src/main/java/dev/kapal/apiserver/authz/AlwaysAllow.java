package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import java.util.List;

/// Everybody may do everything: for tests of other things, and for who asks for it. Any thread.
public final class AlwaysAllow implements Authorizer {
    @Override
    public Decision decide(User user, RequestInfo info) {
        return Decision.ALLOW;
    }

    @Override
    public Rules rules(User user, String namespace) {
        return new Rules(PolicyRule.EVERYTHING, false, List.of());
    }
}
