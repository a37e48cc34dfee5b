package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;

/// The group that no configuration locks out. Always first, whatever modes are chosen.
final class Masters implements Authorizer {
    @Override
    public Decision decide(User user, RequestInfo info) {
        return user.isIn(User.MASTERS) ? Decision.ALLOW : Decision.NO_OPINION;
    }
}
