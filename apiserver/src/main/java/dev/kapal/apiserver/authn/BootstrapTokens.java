package dev.kapal.apiserver.authn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.User;
import dev.kapal.base.time.Time;
import dev.kapal.model.GroupVersionResource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Tokens that new nodes join with: `abcdef.0123456789abcdef`, kept as Secrets in kube-system. Any thread. Source:
/// "Authenticating with Bootstrap Tokens".
final class BootstrapTokens implements TokenAuthenticator {
    private static final GroupVersionResource SECRETS = new GroupVersionResource("", "v1", "secrets");
    private static final Pattern FORM = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
    private static final Pattern GROUP = Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");
    private static final String DEFAULT_GROUP = "system:bootstrappers";

    private final ObjectReader objects;
    private final Time time;

    BootstrapTokens(ObjectReader objects, Time time) {
        this.objects = objects;
        this.time = time;
    }

    @Override
    public Answer check(String token, List<String> audiences) throws InterruptedException {
        var form = FORM.matcher(token);
        if (!form.matches()) {
            return NOT_MINE;
        }
        String id = form.group(1);
        var secret = objects.get(SECRETS, "kube-system", "bootstrap-token-" + id);
        if (secret.isEmpty() || !isGood(secret.get(), id, form.group(2))) {
            return NOT_MINE; // the same answer whatever is wrong with it
        }
        var groups = new ArrayList<String>();
        groups.add(DEFAULT_GROUP);
        for (var group :
                new TreeSet<>(List.of(value(secret.get(), "auth-extra-groups").split(",")))) {
            if (!group.isBlank()) {
                if (!GROUP.matcher(group.strip()).matches()) {
                    return NOT_MINE;
                }
                groups.add(group.strip());
            }
        }
        return new Valid(new User("system:bootstrap:" + id, "", groups, Map.of()), audiences);
    }

    private boolean isGood(ObjectNode secret, String id, String wanted) {
        return secret.path("type").asText().equals("bootstrap.kubernetes.io/token")
                && !secret.path("metadata").has("deletionTimestamp")
                && MessageDigest.isEqual(bytes(value(secret, "token-secret")), bytes(wanted))
                && value(secret, "token-id").equals(id)
                && value(secret, "usage-bootstrap-authentication").equals("true")
                && !isOver(value(secret, "expiration"));
    }

    /// A time that cannot be read has passed.
    private boolean isOver(String expiration) {
        if (expiration.isEmpty()) {
            return false;
        }
        try {
            return !time.instant().isBefore(OffsetDateTime.parse(expiration).toInstant());
        } catch (DateTimeException unreadable) {
            return true;
        }
    }

    private static String value(ObjectNode secret, String key) {
        try {
            byte[] bytes =
                    Base64.getDecoder().decode(secret.path("data").path(key).asText(""));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
