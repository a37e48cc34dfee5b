package dev.kapal.apiserver.authn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.User;
import dev.kapal.base.time.Time;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.ServiceAccountKeys;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Tokens of service accounts: JSON web tokens bound to the account and, for pods, to the pod. Any thread. Source:
/// API
/// reference, TokenRequest; "Managing Service Accounts".
public final class ServiceAccountTokens {
    public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
    static final GroupVersionResource ACCOUNTS = new GroupVersionResource("", "v1", "serviceaccounts");
    static final GroupVersionResource PODS = new GroupVersionResource("", "v1", "pods");
    private static final GroupVersionResource SECRETS = new GroupVersionResource("", "v1", "secrets");
    private static final GroupVersionResource NODES = new GroupVersionResource("", "v1", "nodes");
    /// A pod that is being deleted may use its token a little longer than its grace period.
    private static final Duration LEEWAY = Duration.ofSeconds(60);
    /// Clocks differ.
    private static final Duration SKEW = Duration.ofSeconds(10);

    private static final String PRIVATE = "kubernetes.io";

    private final Supplier<ServiceAccountKeys> keys;
    private volatile Jwt jwt;
    private final ObjectReader objects;
    private final Time time;
    private final RandomGenerator random;

    /// @param keys asked for when the first token is issued or shown: a cluster's first start makes them meanwhile
    public ServiceAccountTokens(
            Supplier<ServiceAccountKeys> keys, ObjectReader objects, Time time, RandomGenerator random) {
        this.keys = keys;
        this.objects = objects;
        this.time = time;
        this.random = random;
    }

    private Jwt jwt() {
        var known = jwt;
        if (known == null) {
            known = new Jwt(keys.get());
            jwt = known;
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
        claims.put("iss", ISSUER);
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
        return jwt().sign(claims);
    }

    Authenticator.Answer check(String token) throws InterruptedException {
        var verified = jwt().verify(token);
        if (verified.isEmpty()) {
            return new Authenticator.Refused("the token is not one of ours");
        }
        var claims = verified.get();
        return objection(claims)
                .<Authenticator.Answer>map(Authenticator.Refused::new)
                .orElseGet(() -> new Authenticator.Known(user(claims)));
    }

    private Optional<String> objection(ObjectNode claims) throws InterruptedException {
        Instant now = time.instant();
        if (!claims.path("iss").asText().equals(ISSUER)) {
            return Optional.of("another issuer");
        }
        if (!now.minus(SKEW).isBefore(Instant.ofEpochSecond(claims.path("exp").asLong()))) {
            return Optional.of("service account token has expired");
        }
        if (now.plus(SKEW).isBefore(Instant.ofEpochSecond(claims.path("nbf").asLong()))) {
            return Optional.of("service account token is not valid yet");
        }
        boolean forUs = false;
        for (var audience : claims.path("aud")) {
            forUs |= audience.asText().equals(ISSUER);
        }
        return forUs ? gone(claims.path(PRIVATE), now) : Optional.of("token audiences are not ours");
    }

    /// Why what the token is bound to is no longer there; empty when all is.
    private Optional<String> gone(JsonNode ours, Instant now) throws InterruptedException {
        String namespace = ours.path("namespace").asText();
        if (!isThere(ACCOUNTS, namespace, ours.path("serviceaccount"), now)) {
            return Optional.of("service account has been deleted");
        }
        if (ours.has("pod") && !isThere(PODS, namespace, ours.path("pod"), now)) {
            return Optional.of("pod has been deleted");
        }
        if (ours.has("secret") && !isThere(SECRETS, namespace, ours.path("secret"), now)) {
            return Optional.of("secret has been deleted");
        }
        // The node of a bound pod is only told, not required; the node of a bound node is.
        if (ours.has("node") && !ours.has("pod") && !isThere(NODES, "", ours.path("node"), now)) {
            return Optional.of("node has been deleted");
        }
        return Optional.empty();
    }

    private boolean isThere(GroupVersionResource resource, String namespace, JsonNode reference, Instant now)
            throws InterruptedException {
        return objects.get(resource, namespace, reference.path("name").asText())
                .filter(object -> uid(object).equals(reference.path("uid").asText()))
                .filter(object -> now.isBefore(end(object)))
                .isPresent();
    }

    /// When an object that is being deleted stops to count.
    private static Instant end(ObjectNode object) {
        var deleted = object.path("metadata").path("deletionTimestamp").asText();
        if (deleted.isEmpty()) {
            return Instant.MAX;
        }
        try {
            return Instant.parse(deleted).plus(LEEWAY);
        } catch (DateTimeException unreadable) {
            return Instant.MIN;
        }
    }

    private static User user(ObjectNode claims) {
        var ours = claims.path(PRIVATE);
        String namespace = ours.path("namespace").asText();
        var account = ours.path("serviceaccount");
        var extra = new LinkedHashMap<String, List<String>>();
        extra.put(
                "authentication.kubernetes.io/credential-id",
                List.of("JTI=" + claims.path("jti").asText()));
        put(extra, "authentication.kubernetes.io/pod-", ours.path("pod"));
        put(extra, "authentication.kubernetes.io/node-", ours.path("node"));
        return new User(
                "system:serviceaccount:" + namespace + ":"
                        + account.path("name").asText(),
                account.path("uid").asText(),
                List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace),
                extra);
    }

    private static void put(Map<String, List<String>> extra, String prefix, JsonNode reference) {
        if (reference.isObject()) {
            extra.put(prefix + "name", List.of(reference.path("name").asText()));
            extra.put(prefix + "uid", List.of(reference.path("uid").asText()));
        }
    }

    static String uid(ObjectNode object) {
        return object.path("metadata").path("uid").asText();
    }

    /// What others check our tokens with: `/.well-known/openid-configuration`.
    public ObjectNode openIdConfiguration() {
        var document = Documents.object();
        document.put("issuer", ISSUER);
        document.put("jwks_uri", ISSUER + "/openid/v1/jwks");
        document.putArray("response_types_supported").add("id_token");
        document.putArray("subject_types_supported").add("public");
        document.putArray("id_token_signing_alg_values_supported").add("RS256");
        return document;
    }

    /// `/openid/v1/jwks` (RFC 7517).
    public ObjectNode keySet() {
        var document = Documents.object();
        var key = document.putArray("keys").addObject();
        key.put("use", "sig").put("kty", "RSA").put("kid", jwt().keyId()).put("alg", "RS256");
        key.put("n", Jwt.encode(unsigned(keys.get().publicKey().getModulus().toByteArray())));
        key.put(
                "e",
                Jwt.encode(unsigned(keys.get().publicKey().getPublicExponent().toByteArray())));
        return document;
    }

    private static byte[] unsigned(byte[] number) {
        return number[0] == 0 ? Arrays.copyOfRange(number, 1, number.length) : number;
    }
}
