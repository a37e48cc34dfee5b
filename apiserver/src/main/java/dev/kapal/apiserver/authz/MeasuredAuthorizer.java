package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.base.metric.Metrics;

/// Counts what the authorizer that it wraps decides. Any thread.
final class MeasuredAuthorizer implements Authorizer {
    private final Authorizer authorizer;
    private final Metrics.Counter.Series allowed;
    private final Metrics.Counter.Series denied;

    /// @param type `RBAC`
    /// @param name what the configuration calls it
    MeasuredAuthorizer(String type, String name, Authorizer authorizer, Metrics metrics) {
        var decisions = metrics.counter(
                "apiserver_authorization_decisions_total",
                "Total number of terminal decisions made by an authorizer split by authorizer type, name, and decision.",
                "type",
                "name",
                "decision");
        this.authorizer = authorizer;
        this.allowed = decisions.series(type, name, "allowed");
        this.denied = decisions.series(type, name, "denied");
    }

    @Override
    public Decision decide(User user, RequestInfo info) throws InterruptedException {
        var decision = authorizer.decide(user, info);
        switch (decision.verdict()) {
            case ALLOW -> allowed.add(1);
            case DENY -> denied.add(1);
            case NO_OPINION -> {}
        }
        return decision;
    }

    @Override
    public Rules rules(User user, String namespace) throws InterruptedException {
        return authorizer.rules(user, namespace);
    }
}
