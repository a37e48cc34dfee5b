package dev.kapal.apiserver.authn.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jwt.SignedJWT;
import dev.kapal.apiserver.remote.RemoteServer;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.net.URI;
import java.security.PublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The keys of one provider: found by its description, kept, and fetched anew when a token names one that is not known.
/// Any thread; blocks while it fetches. Source: OpenID Connect Discovery 1.0; RFC 7517.
final class IssuerKeys {
    private static final Log log = Log.of(IssuerKeys.class);
    /// A provider that failed is left alone for so long.
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final JwtIssuer issuer;
    private final RemoteServer server;
    private final Time time;
    /// Held while keys are fetched, so that a crowd of tokens makes one call.
    private final ReentrantLock lock = new ReentrantLock();

    private volatile List<JWK> keys = List.of();
    private volatile boolean ready;
    private volatile long failed = Long.MIN_VALUE;

    IssuerKeys(JwtIssuer issuer, RemoteServer server, Time time) {
        this.issuer = issuer;
        this.server = server;
        this.time = time;
    }

    /// Whether the provider has told its keys; asks it if it has not.
    boolean isReady() throws InterruptedException {
        if (!ready) {
            fetch(keys);
        }
        return ready;
    }

    /// Whether one of the provider's keys signed the token.
    boolean signed(SignedJWT token) throws InterruptedException {
        var known = keys;
        if (signed(token, known)) {
            return true;
        }
        return hasNewKey(token, known) && fetch(known) && signed(token, keys);
    }

    /// A token that names a key we know and fails is forged; asking again would not help it.
    private static boolean hasNewKey(SignedJWT token, List<JWK> known) {
        String id = token.getHeader().getKeyID();
        return id == null || known.stream().noneMatch(key -> id.equals(key.getKeyID()));
    }

    private static boolean signed(SignedJWT token, List<JWK> keys) {
        var header = token.getHeader();
        String id = header.getKeyID();
        for (var key : keys) {
            boolean named = id == null || key.getKeyID() == null || id.equals(key.getKeyID());
            boolean signs = key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse());
            if (named && signs && key instanceof AsymmetricJWK pair && signed(token, header, pair)) {
                return true;
            }
        }
        return false;
    }

    private static boolean signed(SignedJWT token, JWSHeader header, AsymmetricJWK key) {
        try {
            PublicKey publicKey = key.toPublicKey();
            return token.verify(new DefaultJWSVerifierFactory().createJWSVerifier(header, publicKey));
        } catch (JOSEException unfit) {
            return false; // a key of another kind than the algorithm needs
        }
    }

    /// Answers whether there are other keys than `before` now.
    private boolean fetch(List<JWK> before) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (keys != before) {
                return true; // somebody else was faster
            }
            long now = time.nanos();
            if (failed != Long.MIN_VALUE && now - failed < PAUSE.toNanos()) {
                return false;
            }
            keys = fetch();
            ready = true;
            return true;
        } catch (IOException | ParseException | IllegalArgumentException failure) {
            failed = time.nanos();
            log.warn(
                    "the keys of a token issuer cannot be fetched",
                    "issuer",
                    issuer.url(),
                    "why",
                    failure.getMessage());
            return false;
        } finally {
            lock.unlock();
        }
    }

    private List<JWK> fetch() throws IOException, ParseException, InterruptedException {
        String base = issuer.discoveryUrl()
                .orElseGet(() -> issuer.url().replaceFirst("/+$", "") + "/.well-known/openid-configuration");
        var description = server.get(URI.create(base));
        String named = description.path("issuer").asText("");
        if (!named.equals(issuer.url())) {
            throw new IOException("oidc: issuer did not match the issuer returned by provider, expected \""
                    + issuer.url() + "\" got \"" + named + "\"");
        }
        var set = server.get(URI.create(description.path("jwks_uri").asText("")));
        return new ArrayList<>(JWKSet.parse(Documents.text(set)).getKeys());
    }
}
