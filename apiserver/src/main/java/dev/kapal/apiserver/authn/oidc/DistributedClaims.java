package dev.kapal.apiserver.authn.oidc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.authn.oidc.ClaimReader.Unfit;
import dev.kapal.apiserver.remote.RemoteServer;
import dev.kapal.base.time.Time;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Fetches a claim that does not stand in the token itself because it is long: the token names where it is told, in a
/// token of its own, which may be another issuer's. Any thread; blocks while it asks. Source: OpenID Connect Core 1.0,
/// 5.6.2, distributed claims.
final class DistributedClaims {
    /// Tokens name whom to ask, so there is a bound.
    private static final int ISSUERS = 16;

    private final JwtIssuer issuer;
    private final String claim;
    private final RemoteServer server;
    private final Time time;
    /// Guarded by itself.
    private final Map<String, IdTokens> issuers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, IdTokens> eldest) {
            return size() > ISSUERS;
        }
    };

    /// @param claim the one that is looked for elsewhere
    DistributedClaims(JwtIssuer issuer, String claim, RemoteServer server, Time time) {
        this.issuer = issuer;
        this.claim = claim;
        this.server = server;
        this.time = time;
    }

    /// Puts the claim among the others when it is told elsewhere; a claim that stands there counts.
    void complete(ObjectNode claims) throws Unfit, InterruptedException {
        String name = claims.path("_claim_names").path(claim).asText("");
        if (name.isEmpty() || claims.has(claim)) {
            return;
        }
        var source = claims.path("_claim_sources").path(name);
        String endpoint = source.path("endpoint").asText("");
        if (endpoint.isEmpty()) {
            throw unresolved("no endpoint URL specified in claim source \"" + name + "\"");
        }
        String token = fetch(endpoint, source.path("access_token").asText(""));
        var told = tokens(token).verified(token);
        if (!told.has(claim)) {
            throw unresolved(
                    "jwt returned by distributed claim endpoint \"" + endpoint + "\" did not contain claim: " + claim);
        }
        claims.set(claim, told.get(claim));
    }

    private String fetch(String endpoint, String access) throws Unfit, InterruptedException {
        try {
            return server.text(URI.create(endpoint), Optional.of(access).filter(token -> !token.isEmpty()))
                    .strip();
        } catch (IOException | IllegalArgumentException failure) {
            throw unresolved(failure.getMessage());
        }
    }

    private IdTokens tokens(String token) throws Unfit {
        String url = IdTokens.issuer(token).orElseThrow(() -> unresolved("malformed jwt"));
        try {
            synchronized (issuers) {
                return issuers.computeIfAbsent(url, other -> new IdTokens(issuer.at(other), server, time));
            }
        } catch (IllegalArgumentException senseless) {
            throw unresolved(senseless.getMessage());
        }
    }

    private static Unfit unresolved(String why) {
        return new Unfit("oidc: could not expand distributed claims: " + why);
    }
}
