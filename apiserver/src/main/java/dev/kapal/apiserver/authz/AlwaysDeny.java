package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;

/// Nobody may do anything, save the masters. Any thread.
final class AlwaysDeny implements Authorizer {
    @Override
    public Decision decide(User user, RequestInfo info) {
        return Decision.noOpinion("Everything is forbidden.");
    }
}
