package dev.kapal.apiserver.authn.oidc;

import dev.kapal.apiserver.authn.TokenAuthenticator;
import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import java.util.ArrayList;
import java.util.List;

/// Tokens of all the providers that are believed: a token names the one that decides. Any thread.
public final class Issuers implements TokenAuthenticator {
    private final List<OidcTokens> all;

    private Issuers(List<OidcTokens> all) {
        this.all = List.copyOf(all);
    }

    /// @param life the connections to the providers join it
    /// @throws IllegalArgumentException when an expression makes no sense; its message is for the user
    public static Issuers of(List<JwtIssuer> issuers, Time time, Life life) {
        var all = new ArrayList<OidcTokens>();
        for (var issuer : issuers) {
            all.add(life.own(new OidcTokens(issuer, time)));
        }
        return new Issuers(all);
    }

    @Override
    public Answer check(String token, List<String> audiences) throws InterruptedException {
        for (var one : all) {
            var answer = one.check(token, audiences);
            if (!(answer instanceof NotMine)) {
                return answer;
            }
        }
        return NOT_MINE;
    }
}
