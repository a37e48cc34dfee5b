package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.authn.Authenticator;

/// Finds out who asks. Bad credentials are 401; none at all is the anonymous user, whom authorization judges.
final class Authenticating implements Filter {
    private final Authenticator authenticator;
    private final AccessMetrics metrics;

    Authenticating(Authenticator authenticator, AccessMetrics metrics) {
        this.authenticator = authenticator;
        this.metrics = metrics;
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        long begun = metrics.now();
        var answer = authenticator.authenticate(call.request());
        metrics.authenticated(call.request(), answer, begun);
        var user = switch (answer) {
            case Authenticator.Known known -> known.user();
            case Authenticator.Refused refused -> throw ApiException.unauthorized();
        };
        next.handle(new Call(call.info(), user, call.exchange()));
    }
}
