package dev.kapal.apiserver.authn.oidc;

import dev.kapal.apiserver.authn.TokenAuthenticator;
import dev.kapal.apiserver.remote.RemoteServer;
import dev.kapal.base.time.Time;
import dev.kapal.pki.Pem;
import dev.kapal.pki.TrustRoots;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Tokens of one OpenID Connect provider, and who comes of them. Any thread; blocks while something is fetched. A
/// provider that is down vouches for nobody new.
final class OidcTokens implements TokenAuthenticator, AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final JwtIssuer issuer;
    private final ClaimReader reader;
    private final RemoteServer server;
    private final IdTokens tokens;
    private final Optional<DistributedClaims> elsewhere;

    /// @throws IllegalArgumentException when an expression makes no sense; its message is for the user
    OidcTokens(JwtIssuer issuer, Time time) {
        this.issuer = issuer;
        this.reader = new ClaimReader(issuer);
        this.server = new RemoteServer(
                issuer.caPem().map(pem -> new TrustRoots(Pem.certificates(pem))),
                Optional.empty(),
                Optional.empty(),
                LIMIT);
        this.tokens = new IdTokens(issuer, server, time);
        this.elsewhere = issuer.mappings()
                .groups()
                .flatMap(groups -> groups instanceof JwtIssuer.FromClaim(String claim, String prefix)
                        ? Optional.of(new DistributedClaims(issuer, claim, server, time))
                        : Optional.empty());
    }

    @Override
    public Answer check(String token, List<String> audiences) throws InterruptedException {
        if (!IdTokens.issuer(token).equals(Optional.of(issuer.url()))) {
            return NOT_MINE;
        }
        try {
            var claims = tokens.verified(token);
            if (elsewhere.isPresent()) {
                elsewhere.get().complete(claims);
            }
            return new Valid(reader.user(claims), audiences);
        } catch (ClaimReader.Unfit unfit) {
            return new Bad(unfit.getMessage());
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
