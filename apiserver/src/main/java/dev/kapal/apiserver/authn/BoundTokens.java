package dev.kapal.apiserver.authn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.audit.AuditAnnotations;
import dev.kapal.base.time.Time;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.codec.GoText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tokens that were requested for a service account: good for their time and audiences, and only while the account, and
/// what else they are bound to, exists with the same uid. Any thread. Source: "Managing Service Accounts", bound
/// tokens.
final class BoundTokens implements TokenAuthenticator {
    static final GroupVersionResource ACCOUNTS = new GroupVersionResource("", "v1", "serviceaccounts");
    static final GroupVersionResource PODS = new GroupVersionResource("", "v1", "pods");
    static final GroupVersionResource SECRETS = new GroupVersionResource("", "v1", "secrets");
    static final GroupVersionResource NODES = new GroupVersionResource("", "v1", "nodes");
    /// A pod that is being deleted may use its token a little longer than its grace period.
    private static final Duration LEEWAY = Duration.ofSeconds(60);
    /// Clocks differ.
    private static final Duration SKEW = Duration.ofSeconds(10);

    private final ServiceAccountTokens tokens;
    private final ObjectReader objects;
    private final Time time;

    BoundTokens(ServiceAccountTokens tokens, ObjectReader objects, Time time) {
        this.tokens = tokens;
        this.objects = objects;
        this.time = time;
    }

    @Override
    public Answer check(String token, List<String> audiences) throws InterruptedException {
        var verified = tokens.verify(token);
        if (verified.isEmpty() || !verified.get().has(ServiceAccountTokens.PRIVATE)) {
            return NOT_MINE;
        }
        var claims = verified.get();
        if (!tokens.options().issuers().contains(claims.path("iss").asText())) {
            return NOT_MINE;
        }
        var meant = audiences(claims);
        var common = audiences.stream().filter(meant::contains).toList();
        if (common.isEmpty()) {
            return new Bad("token audiences " + GoText.quote(meant) + " is invalid for the target audiences "
                    + GoText.quote(audiences));
        }
        var objection = objection(claims);
        if (objection.isPresent()) {
            return new Bad(objection.get());
        }
        noteLateUse(claims);
        return new Valid(user(claims), common);
    }

    private static List<String> audiences(ObjectNode claims) {
        var audience = claims.path("aud");
        var all = new ArrayList<String>();
        if (audience.isTextual()) {
            all.add(audience.asText());
        }
        audience.forEach(one -> all.add(one.asText()));
        return all;
    }

    private Optional<String> objection(ObjectNode claims) throws InterruptedException {
        Instant now = time.instant();
        if (!now.minus(SKEW).isBefore(Instant.ofEpochSecond(claims.path("exp").asLong()))) {
            return Optional.of("service account token has expired");
        }
        if (now.plus(SKEW).isBefore(Instant.ofEpochSecond(claims.path("nbf").asLong()))) {
            return Optional.of("service account token is not valid yet");
        }
        return gone(claims.path(ServiceAccountTokens.PRIVATE), now);
    }

    /// Why what the token is bound to is no longer there; empty when all is.
    private Optional<String> gone(JsonNode ours, Instant now) throws InterruptedException {
        String namespace = ours.path("namespace").asText();
        var objection = missing(ACCOUNTS, namespace, ours.path("serviceaccount"), "service account", "claim", now);
        if (objection.isEmpty() && ours.has("pod")) {
            objection = missing(PODS, namespace, ours.path("pod"), "pod", "service account pod ref claim", now);
        }
        if (objection.isEmpty() && ours.has("secret")) {
            objection =
                    missing(SECRETS, namespace, ours.path("secret"), "secret", "service account secret ref claim", now);
        }
        // The node of a bound pod is only told, not required; the node of a bound node is.
        if (objection.isEmpty() && ours.has("node") && !ours.has("pod")) {
            objection = missing(NODES, "", ours.path("node"), "node", "service account node ref claim", now);
        }
        return objection;
    }

    private Optional<String> missing(
            GroupVersionResource resource, String namespace, JsonNode reference, String what, String claim, Instant now)
            throws InterruptedException {
        var found = objects.get(resource, namespace, reference.path("name").asText());
        if (found.isEmpty() || !now.isBefore(end(found.get()))) {
            return Optional.of("service account token has been invalidated");
        }
        String uid = ServiceAccountTokens.uid(found.get());
        String wanted = reference.path("uid").asText();
        return uid.equals(wanted)
                ? Optional.empty()
                : Optional.of(what + " UID (" + uid + ") does not match " + claim + " (" + wanted + ")");
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

    private void noteLateUse(ObjectNode claims) {
        long warnAfter =
                claims.path(ServiceAccountTokens.PRIVATE).path("warnafter").asLong();
        long late = time.instant().getEpochSecond() - warnAfter;
        if (warnAfter > 0 && late > 0) {
            AuditAnnotations.add(
                    "authentication.k8s.io/stale-token",
                    "subject: " + claims.path("sub").asText() + ", seconds after warning threshold: " + late);
        }
    }

    private static User user(ObjectNode claims) {
        var ours = claims.path(ServiceAccountTokens.PRIVATE);
        var account = ours.path("serviceaccount");
        var extra = new LinkedHashMap<String, List<String>>();
        String id = claims.path("jti").asText("");
        if (!id.isEmpty()) {
            extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + id));
        }
        put(extra, "authentication.kubernetes.io/pod-", ours.path("pod"));
        put(extra, "authentication.kubernetes.io/node-", ours.path("node"));
        return user(
                ours.path("namespace").asText(),
                account.path("name").asText(),
                account.path("uid").asText(),
                extra);
    }

    static User user(String namespace, String name, String uid, Map<String, List<String>> extra) {
        return new User(
                "system:serviceaccount:" + namespace + ":" + name,
                uid,
                List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace),
                extra);
    }

    private static void put(Map<String, List<String>> extra, String prefix, JsonNode reference) {
        if (reference.isObject()) {
            extra.put(prefix + "name", List.of(reference.path("name").asText()));
            extra.put(prefix + "uid", List.of(reference.path("uid").asText()));
        }
    }
}
