package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authn.Authenticator;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import java.util.Set;

/// Counts who comes and who may, under upstream's names. Any thread.
final class AccessMetrics {
    /// From a millisecond on, each twice the one before.
    private static final double[] SECONDS = {
        0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192, 16.384
    };
    private static final Set<String> NAMED =
            Set.of("admin", "client", "kube_proxy", "kubelet", "system:serviceaccount:kube-system:default");

    private final Time time;
    private final Metrics.Counter users;
    private final Metrics.Counter authentications;
    private final Metrics.Histogram authenticationTimes;
    private final Metrics.Counter authorizations;
    private final Metrics.Histogram authorizationTimes;

    AccessMetrics(Metrics metrics, Time time) {
        this.time = time;
        users = metrics.counter(
                "authenticated_user_requests", "Counter of authenticated requests broken out by username.", "username");
        authentications = metrics.counter("authentication_attempts", "Counter of authenticated attempts.", "result");
        authenticationTimes = metrics.histogram(
                "authentication_duration_seconds",
                "Authentication duration in seconds broken out by result.",
                SECONDS,
                "result");
        authorizations = metrics.counter(
                "authorization_attempts_total",
                "Counter of authorization attempts broken down by result. It can be either 'allowed', 'denied',"
                        + " 'no-opinion' or 'error'.",
                "result");
        authorizationTimes = metrics.histogram(
                "authorization_duration_seconds",
                "Authorization duration in seconds broken out by result.",
                SECONDS,
                "result");
    }

    long now() {
        return time.nanos();
    }

    void authenticated(Request request, Authenticator.Answer answer, long begun) {
        var result = switch (answer) {
            case Authenticator.Known(User user) -> {
                users.increment(shortened(user.name()));
                yield "success";
            }
            case Authenticator.Refused _ -> hasCredentials(request) ? "error" : "failure";
        };
        authentications.increment(result);
        authenticationTimes.observe((time.nanos() - begun) / 1e9, result);
    }

    /// Names that people make up would make new series without end.
    private static String shortened(String name) {
        if (NAMED.contains(name)) {
            return name;
        }
        return name.contains("@") ? "email_id" : "other";
    }

    private static boolean hasCredentials(Request request) {
        return request.header("Authorization").isPresent()
                || request.peer() instanceof Peer.Tls tls && !tls.chain().isEmpty();
    }

    void authorized(Authorizer.Decision decision, long begun) {
        var result = switch (decision.verdict()) {
            case ALLOW -> "allowed";
            case DENY -> decision.error().isEmpty() ? "denied" : "error";
            case NO_OPINION -> decision.error().isEmpty() ? "no-opinion" : "error";
        };
        authorizations.increment(result);
        authorizationTimes.observe((time.nanos() - begun) / 1e9, result);
    }
}
