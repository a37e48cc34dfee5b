package dev.kapal.apiserver.admission.expressions;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.cel.Authorization;

/// Answers what `authorizer` asks in an expression, for the user of the request or a service account.
record UserRights(Authorizer authorizer, User user) implements Authorization {
    private static final String ACCOUNT = "system:serviceaccount:";

    @Override
    public Decision decide(Check check) {
        var info = switch (check) {
            case ResourceCheck resource ->
                RequestInfo.resource(
                        resource.verb(),
                        resource.group(),
                        resource.version(),
                        resource.namespace(),
                        resource.resource(),
                        resource.subresource(),
                        resource.name());
            case PathCheck path -> RequestInfo.nonResource(path.verb(), path.path());
        };
        try {
            var decision = authorizer.decide(subject(check.user()), info);
            return new Decision(decision.allowed(), decision.reason(), decision.error());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return new Decision(false, "", "interrupted");
        }
    }

    private User subject(String name) {
        if (name.isEmpty()) {
            return user;
        }
        int colon = name.indexOf(':', ACCOUNT.length());
        return name.startsWith(ACCOUNT) && colon > 0
                ? User.of(
                        name,
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + name.substring(ACCOUNT.length(), colon),
                        "system:authenticated")
                : User.of(name);
    }
}
