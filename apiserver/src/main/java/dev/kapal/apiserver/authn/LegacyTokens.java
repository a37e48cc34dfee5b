package dev.kapal.apiserver.authn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.audit.AuditAnnotations;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tokens that lie in Secrets of type `kubernetes.io/service-account-token`: without end, good while the Secret holds
/// them and the account is the same. Their use leaves a date on the Secret. Any thread. Source: "Managing Service
/// Accounts", long-lived tokens.
final class LegacyTokens implements TokenAuthenticator {
    static final String ISSUER = "kubernetes/serviceaccount";
    static final String LAST_USED = "kubernetes.io/legacy-token-last-used";
    private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";
    private static final String CLAIM = "kubernetes.io/serviceaccount/";
    private static final Log log = Log.of(LegacyTokens.class);

    private final ServiceAccountTokens tokens;
    private final ObjectReader objects;
    private final Labelling labelling;
    private final Time time;

    /// Notes on a Secret that it was used.
    @FunctionalInterface
    interface Labelling {
        void label(String namespace, String secret, String label, String value) throws InterruptedException;
    }

    LegacyTokens(ServiceAccountTokens tokens, ObjectReader objects, Labelling labelling, Time time) {
        this.tokens = tokens;
        this.objects = objects;
        this.labelling = labelling;
        this.time = time;
    }

    @Override
    public Answer check(String token, List<String> audiences) throws InterruptedException {
        var verified = tokens.verify(token);
        if (verified.isEmpty() || !verified.get().path("iss").asText().equals(ISSUER)) {
            return NOT_MINE;
        }
        var claims = verified.get();
        String namespace = claim(claims, "namespace");
        String name = claim(claims, "service-account.name");
        String secretName = claim(claims, "secret.name");
        if (namespace.isEmpty() || name.isEmpty() || secretName.isEmpty()) {
            return new Bad("claims of a service account token are missing");
        }
        var secret = objects.get(BoundTokens.SECRETS, namespace, secretName);
        var objection = objection(claims, secret, token, namespace, name);
        if (objection.isPresent()) {
            return new Bad(objection.get());
        }
        note(namespace, secretName, secret.orElseThrow(), claims.path("sub").asText());
        var user = BoundTokens.user(namespace, name, claim(claims, "service-account.uid"), Map.of());
        return new Valid(user, audiences);
    }

    private Optional<String> objection(
            ObjectNode claims, Optional<ObjectNode> secret, String token, String namespace, String name)
            throws InterruptedException {
        if (secret.isEmpty() || secret.get().path("metadata").has("deletionTimestamp")) {
            return Optional.of("service account token has been invalidated");
        }
        if (!holds(secret.get(), token)) {
            return Optional.of("service account token does not match server's copy");
        }
        var account = objects.get(BoundTokens.ACCOUNTS, namespace, name);
        if (account.isEmpty() || account.get().path("metadata").has("deletionTimestamp")) {
            return Optional.of("service account " + namespace + "/" + name + " has been deleted");
        }
        String uid = ServiceAccountTokens.uid(account.get());
        String wanted = claim(claims, "service-account.uid");
        if (!uid.equals(wanted)) {
            return Optional.of("service account UID (" + uid + ") does not match claim (" + wanted + ")");
        }
        if (secret.get().path("metadata").path("labels").has(INVALID_SINCE)) {
            return Optional.of("the token in secret " + namespace + "/"
                    + secret.get().path("metadata").path("name").asText() + " for service account " + namespace + "/"
                    + name + " has been marked invalid. Use tokens from the TokenRequest API or manually created"
                    + " secret-based tokens, or remove the '" + INVALID_SINCE
                    + "' label from the secret to temporarily allow use of this token");
        }
        return Optional.empty();
    }

    private static boolean holds(ObjectNode secret, String token) {
        try {
            byte[] held =
                    Base64.getDecoder().decode(secret.path("data").path("token").asText(""));
            return MessageDigest.isEqual(held, token.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /// Once a day is enough to see what is still in use.
    private void note(String namespace, String name, ObjectNode secret, String subject) throws InterruptedException {
        AuditAnnotations.add("authentication.k8s.io/legacy-token", subject);
        String today = LocalDate.ofInstant(time.instant(), ZoneOffset.UTC).toString();
        if (secret.path("metadata").path("labels").path(LAST_USED).asText().equals(today)) {
            return;
        }
        try {
            labelling.label(namespace, name, LAST_USED, today);
        } catch (RuntimeException refused) {
            log.warn("the use of a token was not noted", "secret", namespace + "/" + name, "why", refused.getMessage());
        }
    }

    private static String claim(ObjectNode claims, String name) {
        return claims.path(CLAIM + name).asText("");
    }
}
