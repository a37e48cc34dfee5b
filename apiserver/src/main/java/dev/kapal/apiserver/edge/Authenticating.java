package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.authn.Authenticator;

/// Finds out who asks. Bad credentials are 401; none at all is the anonymous user, whom authorization judges.
final class Authenticating implements Filter {
    private final Authenticator authenticator;

    Authenticating(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        var user = switch (authenticator.authenticate(call.request())) {
            case Authenticator.Known known -> known.user();
            case Authenticator.Refused refused -> throw ApiException.unauthorized();
        };
        next.handle(new Call(call.info(), user, call.exchange()));
    }
}
