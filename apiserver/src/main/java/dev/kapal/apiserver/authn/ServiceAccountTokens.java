package dev.kapal.apiserver.authn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.time.Time;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.ServiceAccountKeys;
import dev.kapal.pki.SignedTokens;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Makes tokens of service accounts, JSON web tokens bound to the account and, for pods, to the pod; reads them; and
/// publishes what others need to check them. Any thread. Source: API reference, TokenRequest; "Managing Service
/// Accounts".
public final class ServiceAccountTokens {
    static final String PRIVATE = "kubernetes.io";
    private static final int REMEMBERED = 1024;

    private final Supplier<ServiceAccountKeys> keys;
    private final ServiceAccountOptions options;
    private final Time time;
    private final RandomGenerator random;
    private final Map<String, ObjectNode> verified = Collections.synchronizedMap(new Recent());
    private volatile SignedTokens signer;

    /// @param keys asked for when the first token is issued or shown: a cluster's first start makes them meanwhile
    public ServiceAccountTokens(
            Supplier<ServiceAccountKeys> keys, ServiceAccountOptions options, Time time, RandomGenerator random) {
        this.keys = keys;
        this.options = options;
        this.time = time;
        this.random = random;
    }

    ServiceAccountOptions options() {
        return options;
    }

    private SignedTokens signer() {
        var known = signer;
        if (known == null) {
            known = new SignedTokens(keys.get());
            signer = known;
        }
        return known;
    }

    /// What a token is tied to besides its account.
    ///
    /// @param kind `pod`, `secret` or `node`, as the claim has it
    record Bound(String kind, String name, String uid) {}

    /// A new token.
    ///
    /// @param warnAfter when its use begins to be odd; empty if never
    String issue(
            ObjectNode account, List<String> audiences, Duration ttl, List<Bound> bound, Optional<Duration> warnAfter) {
        long now = time.instant().getEpochSecond();
        String namespace = account.path("metadata").path("namespace").asText();
        String name = account.path("metadata").path("name").asText();
        var claims = Documents.object();
        var audience = claims.putArray("aud");
        audiences.forEach(audience::add);
        claims.put("exp", now + ttl.toSeconds());
        claims.put("iat", now);
        claims.put("iss", options.issuer());
        claims.put(
                "jti",
                new UUID(random.nextLong() & ~0xf000L | 0x4000L, random.nextLong() >>> 2 | Long.MIN_VALUE).toString());
        var ours = claims.putObject(PRIVATE);
        ours.put("namespace", namespace);
        for (var other : bound) {
            ours.putObject(other.kind()).put("name", other.name()).put("uid", other.uid());
        }
        ours.putObject("serviceaccount").put("name", name).put("uid", uid(account));
        warnAfter.ifPresent(after -> ours.put("warnafter", now + after.toSeconds()));
        claims.put("nbf", now);
        claims.put("sub", "system:serviceaccount:" + namespace + ":" + name);
        return signer().sign(Documents.json(claims));
    }

    /// The claims of a token that this cluster signed; to be read only. The signature of a token is checked once, what
    /// the claims say is for the caller to check each time.
    Optional<ObjectNode> verify(String token) {
        var known = verified.get(token);
        if (known != null) {
            return Optional.of(known);
        }
        var claims = signer().verify(token).map(Documents::read);
        claims.ifPresent(read -> verified.put(token, read));
        return claims;
    }

    static String uid(ObjectNode object) {
        return object.path("metadata").path("uid").asText();
    }

    /// What others check our tokens with: `/.well-known/openid-configuration`.
    public ObjectNode openIdConfiguration() {
        String issuer = options.issuer();
        var document = Documents.object();
        document.put("issuer", issuer);
        document.put("jwks_uri", options.keysUri().orElseGet(() -> issuer.replaceFirst("/+$", "") + "/openid/v1/jwks"));
        document.putArray("response_types_supported").add("id_token");
        document.putArray("subject_types_supported").add("public");
        document.putArray("id_token_signing_alg_values_supported").add("RS256");
        return document;
    }

    /// `/openid/v1/jwks` (RFC 7517).
    public ObjectNode keySet() {
        var document = Documents.object();
        var key = document.putArray("keys").addObject();
        var publicKey = signer().keys().publicKey();
        key.put("use", "sig").put("kty", "RSA").put("kid", signer().keyId()).put("alg", "RS256");
        key.put("n", SignedTokens.encode(unsigned(publicKey.getModulus().toByteArray())));
        key.put("e", SignedTokens.encode(unsigned(publicKey.getPublicExponent().toByteArray())));
        return document;
    }

    private static byte[] unsigned(byte[] number) {
        return number[0] == 0 ? Arrays.copyOfRange(number, 1, number.length) : number;
    }

    private static final class Recent extends LinkedHashMap<String, ObjectNode> {
        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ObjectNode> eldest) {
            return size() > REMEMBERED;
        }
    }
}
