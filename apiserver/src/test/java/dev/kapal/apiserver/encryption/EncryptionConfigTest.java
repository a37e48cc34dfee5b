package dev.kapal.apiserver.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncryptionConfigTest {
    private static final String HEAD = "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n";

    @Test
    void theFirstRuleThatCoversAResourceCounts() {
        var config = parse(HEAD + """
                resources:
                - resources: [secrets, deployments.apps]
                  providers: [{identity: {}}]
                - resources: ["*.apps", "*."]
                  providers: [{identity: {}}]
                """);
        assertThat(config.of("/registry/core/secrets/default/a"))
                .isEqualTo(config.of("/registry/apps/deployments/default/a"))
                .isPresent();
        assertThat(config.of("/registry/apps/replicasets/default/a"))
                .isEqualTo(config.of("/registry/core/pods/default/a"))
                .isPresent();
        assertThat(config.of("/registry/core/secrets/default/a"))
                .isNotEqualTo(config.of("/registry/core/pods/default/a"));
        assertThat(config.of("/registry/batch/jobs/default/a")).isEmpty();
        assertThat(config.of("elsewhere")).isEmpty();
        assertThat(config.prefixes())
                .containsExactly(
                        "/registry/apps/", "/registry/apps/deployments/", "/registry/core/", "/registry/core/secrets/");
    }

    record Case(String text, String complaint) {}

    static List<Case> broken() {
        String rule = HEAD + "resources:\n- resources: [secrets]\n  providers: ";
        return List.of(
                new Case("kind: Pod\napiVersion: v1", "expected kind EncryptionConfiguration"),
                new Case(HEAD, "resources: Required value"),
                new Case(HEAD + "resources: [{resources: [secrets]}]", "resources[0].providers: Required value"),
                new Case(rule + "[{rot13: {}}]", "resources[0].providers[0]: Unsupported value: \"rot13\""),
                new Case(rule + "[{aescbc: {}}]", "resources[0].providers[0].aescbc.keys: Required value"),
                new Case(
                        rule + "[{aescbc: {keys: [{name: a, secret: '!'}]}}]",
                        "keys[0].secret: Invalid value: \"REDACTED\": secrets must be base64 encoded"),
                new Case(
                        rule + "[{secretbox: {keys: [{name: a, secret: 'c2hvcnQ='}]}}]",
                        "secret is not of the expected length, got 5, expected one of [32]"),
                new Case(rule + "[{aesgcm: {keys: [{secret: 'c2hvcnQ='}]}}]", "keys[0].name: Required value"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void saysWhatIsWrongAndNeverShowsASecret(Case one) {
        assertThatThrownBy(() -> parse(one.text()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(one.complaint());
    }

    private static EncryptionConfig parse(String text) {
        return EncryptionConfig.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
