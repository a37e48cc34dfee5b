package dev.kapal.apiserver.authn.oidc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jwt.SignedJWT;
import dev.kapal.apiserver.authn.TokenAuthenticator;
import dev.kapal.apiserver.remote.RemoteServer;
import dev.kapal.base.time.Time;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.Pem;
import dev.kapal.pki.TrustRoots;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Tokens of one OpenID Connect provider: believed if one of its keys signed them with an algorithm that is allowed,
/// for
/// their time and audience. Any thread; blocks while keys are fetched. A provider that is down vouches for nobody new.
final class OidcTokens implements TokenAuthenticator, AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    /// The provider's clock may be ahead.
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final JwtIssuer issuer;
    private final ClaimReader reader;
    private final RemoteServer server;
    private final IssuerKeys keys;
    private final Time time;

    /// @throws IllegalArgumentException when an expression makes no sense; its message is for the user
    OidcTokens(JwtIssuer issuer, Time time) {
        this.issuer = issuer;
        this.reader = new ClaimReader(issuer);
        this.time = time;
        this.server = new RemoteServer(
                issuer.caPem().map(pem -> new TrustRoots(Pem.certificates(pem))),
                Optional.empty(),
                Optional.empty(),
                LIMIT);
        this.keys = new IssuerKeys(issuer, server, time);
    }

    @Override
    public Answer check(String token, List<String> audiences) throws InterruptedException {
        if (!names(token, issuer.url())) {
            return NOT_MINE;
        }
        SignedJWT signed;
        ObjectNode claims;
        try {
            signed = SignedJWT.parse(token);
            claims = Documents.read(signed.getPayload().toBytes());
        } catch (ParseException | RuntimeException malformed) {
            return new Bad("oidc: verify token: oidc: malformed jwt"); // alg=none ends here, too: it is not signed
        }
        String algorithm = signed.getHeader().getAlgorithm().getName();
        if (!issuer.algorithms().contains(algorithm)) {
            return new Bad("oidc: verify token: oidc: id token signed with unsupported algorithm, expected "
                    + issuer.algorithms().stream().sorted().toList() + " got \"" + algorithm + "\"");
        }
        if (!keys.isReady()) {
            return new Bad("oidc: authenticator for issuer \"" + issuer.url() + "\" is not initialized");
        }
        if (!keys.signed(signed)) {
            return new Bad("oidc: verify token: failed to verify signature: failed to verify id token signature");
        }
        return objection(claims).<Answer>map(Bad::new).orElseGet(() -> user(claims, audiences));
    }

    /// What a token says of its issuer before anybody believes it: whose keys to look for.
    private static boolean names(String token, String issuer) {
        var parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return false;
        }
        try {
            var claims = Documents.readAny(Base64.getUrlDecoder().decode(parts[1]));
            return claims.path("iss").asText("").equals(issuer);
        } catch (RuntimeException malformed) {
            return false;
        }
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

    private Answer user(ObjectNode claims, List<String> audiences) {
        try {
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
