package dev.kapal.apiserver.authn.oidc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jwt.SignedJWT;
import dev.kapal.apiserver.authn.oidc.ClaimReader.Unfit;
import dev.kapal.apiserver.remote.RemoteServer;
import dev.kapal.base.time.Time;
import dev.kapal.model.codec.Documents;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/// Whether one issuer said what a token says: one of its keys signed it with an algorithm that is allowed, for its time
/// and audience. Any thread; blocks while keys are fetched.
final class IdTokens {
    /// The provider's clock may be ahead.
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final JwtIssuer issuer;
    private final IssuerKeys keys;
    private final Time time;

    IdTokens(JwtIssuer issuer, RemoteServer server, Time time) {
        this.issuer = issuer;
        this.keys = new IssuerKeys(issuer, server, time);
        this.time = time;
    }

    /// What a token says of its issuer before anybody believes it: whose keys to look for.
    static Optional<String> issuer(String token) {
        var parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            var claims = Documents.readAny(Base64.getUrlDecoder().decode(parts[1]));
            return Optional.of(claims.path("iss").asText(""));
        } catch (RuntimeException malformed) {
            return Optional.empty();
        }
    }

    ObjectNode verified(String token) throws Unfit, InterruptedException {
        SignedJWT signed;
        ObjectNode claims;
        try {
            signed = SignedJWT.parse(token);
            claims = Documents.read(signed.getPayload().toBytes());
        } catch (ParseException | RuntimeException malformed) {
            throw new Unfit("oidc: verify token: oidc: malformed jwt"); // alg=none ends here, too: it is not signed
        }
        String algorithm = signed.getHeader().getAlgorithm().getName();
        if (!issuer.algorithms().contains(algorithm)) {
            throw new Unfit("oidc: verify token: oidc: id token signed with unsupported algorithm, expected "
                    + issuer.algorithms().stream().sorted().toList() + " got \"" + algorithm + "\"");
        }
        if (!keys.isReady()) {
            throw new Unfit("oidc: authenticator for issuer \"" + issuer.url() + "\" is not initialized");
        }
        if (!keys.signed(signed)) {
            throw new Unfit("oidc: verify token: failed to verify signature: failed to verify id token signature");
        }
        var objection = objection(claims);
        if (objection.isPresent()) {
            throw new Unfit(objection.get());
        }
        return claims;
    }

    private Optional<String> objection(ObjectNode claims) {
        var meant = claims.path("aud");
        boolean ours = meant.isTextual() && issuer.audiences().contains(meant.asText());
        for (var audience : meant) {
            ours |= issuer.audiences().contains(audience.asText());
        }
        if (!ours) {
            return Optional.of(
                    "oidc: verify token: oidc: expected audience in " + issuer.audiences() + " got " + meant);
        }
        Instant now = time.instant();
        if (!claims.path("exp").isNumber()
                || !now.isBefore(Instant.ofEpochSecond(claims.path("exp").asLong()))) {
            return Optional.of("oidc: verify token: oidc: token is expired (Token Expiry: "
                    + Instant.ofEpochSecond(claims.path("exp").asLong()) + ")");
        }
        if (claims.path("nbf").isNumber()
                && now.plus(SKEW)
                        .isBefore(Instant.ofEpochSecond(claims.path("nbf").asLong()))) {
            return Optional.of("oidc: verify token: oidc: current time " + now + " before the nbf (not before) time");
        }
        return Optional.empty();
    }
}
