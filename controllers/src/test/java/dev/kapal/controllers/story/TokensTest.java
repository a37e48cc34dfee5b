package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Key;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Secrets that ask for a token of an account, as courses use them.
@Timeout(300)
class TokensTest {
    private static final Key ACCOUNT = new Key("default", "default");
    private static final Key SECRET = new Key("default", "long-lived");

    @Test
    void areFilledHonouredAndGoWithTheAccount(@TempDir Path directory) throws Exception {
        try (var town = Town.start(directory)) {
            town.api().create(secret());
            town.await(
                    Secret.class,
                    "a token",
                    all -> all.find(SECRET)
                            .filter(secret ->
                                    secret.getData() != null && secret.getData().containsKey("token"))
                            .isPresent());
            var filled = town.api().fetch(Secret.class, SECRET).orElseThrow();
            assertThat(text(filled, "namespace")).isEqualTo("default");
            assertThat(text(filled, "ca.crt")).isEqualTo(town.authorityPem());
            var uid = town.api()
                    .fetch(ServiceAccount.class, ACCOUNT)
                    .orElseThrow()
                    .getMetadata()
                    .getUid();
            assertThat(filled.getMetadata().getAnnotations()).containsEntry("kubernetes.io/service-account.uid", uid);
            assertThat(review(town, text(filled, "token")).getStatus().getUser().getUsername())
                    .isEqualTo("system:serviceaccount:default:default");

            town.api().delete(ServiceAccount.class, ACCOUNT, new DeleteOptions());
            town.await(Secret.class, "the secret gone", all -> all.find(SECRET).isEmpty());
            assertThat(review(town, text(filled, "token")).getStatus().getAuthenticated())
                    .isNull();
        }
    }

    private static Secret secret() {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("long-lived")
                .addToAnnotations("kubernetes.io/service-account.name", "default")
                .endMetadata()
                .withType("kubernetes.io/service-account-token")
                .build();
    }

    private static TokenReview review(Town town, String token) throws Exception {
        return town.api()
                .create(new TokenReviewBuilder()
                        .withNewMetadata()
                        .endMetadata()
                        .withNewSpec()
                        .withToken(token)
                        .endSpec()
                        .build());
    }

    private static String text(Secret secret, String key) {
        return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }
}
