package dev.kapal.controllers.bootstrap;

import dev.kapal.controllers.workload.Times;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/// A bootstrap token, as its Secret says. Immutable. Source: Kubernetes documentation, "Authenticating with Bootstrap
/// Tokens".
///
/// @param signs whether it signs what the cluster publishes
/// @param expires empty when it never does
record Token(String id, String secret, boolean signs, Optional<Instant> expires) {
    static final String TYPE = "bootstrap.kubernetes.io/token";
    static final String NAMESPACE = "kube-system";

    /// Empty when the Secret is not a whole token.
    static Optional<Token> of(Secret secret) {
        String id = text(secret, "token-id");
        String value = text(secret, "token-secret");
        boolean whole = TYPE.equals(secret.getType())
                && secret.getMetadata().getName().equals("bootstrap-token-" + id)
                && !id.isEmpty()
                && !value.isEmpty();
        if (!whole) {
            return Optional.empty();
        }
        boolean signs = text(secret, "usage-bootstrap-signing").equals("true");
        return Optional.of(new Token(id, value, signs, Times.parse(text(secret, "expiration"))));
    }

    boolean isOver(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }

    private static String text(Secret secret, String key) {
        var data = secret.getData();
        if (data == null || !data.containsKey(key)) {
            return "";
        }
        return new String(Base64.getDecoder().decode(data.get(key)), StandardCharsets.UTF_8);
    }

    /// Never shows the secret.
    @Override
    public String toString() {
        return "Token[" + id + "]";
    }
}
