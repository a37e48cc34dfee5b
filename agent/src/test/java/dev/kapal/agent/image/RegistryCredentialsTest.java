package dev.kapal.agent.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryCredentialsTest {
    /// Whether credentials under a key are used for an image.
    @ParameterizedTest
    @CsvSource({
        "https://index.docker.io/v1/,          nginx,                               true",
        "docker.io,                            team/web:1,                          true",
        "docker.io,                            docker.io/library/nginx,             true",
        "registry.example.com,                 registry.example.com/team/web:1,     true",
        "https://registry.example.com/v2/,     registry.example.com/team/web:1,     true",
        "registry.example.com/team,            registry.example.com/team/web@sha256:ab, true",
        "registry.example.com/other,           registry.example.com/team/web,       false",
        "registry.example.com,                 registry.example.com:5000/web,       false",
        "registry.example.com:5000,            registry.example.com:5000/web:1,     true",
        "*.example.com,                        registry.example.com/web,            true",
        "*.example.com,                        example.com/web,                     false",
        "*.example.com,                        a.b.example.com/web,                 false",
        "reg*.example.com,                     registry.example.com/web,            true",
        "registry.example.com,                 nginx,                               false",
        "localhost:5000,                       localhost:5000/web,                  true",
    })
    void areUsedForTheRegistryThatTheyAreFor(String key, String image, boolean used) {
        var credentials = RegistryCredentials.of(
                List.of(config("{\"auths\": {\"%s\": {\"username\": \"u\", \"password\": \"p\"}}}".formatted(key))));
        assertThat(credentials.of(image)).hasSize(used ? 1 : 0);
    }

    @Test
    void areTriedTheMostSpecificFirst() {
        var credentials = RegistryCredentials.of(List.of(config("""
                {"auths": {
                  "registry.example.com": {"username": "all", "password": "p"},
                  "registry.example.com/team": {"auth": "%s"}}}""".formatted(base64("team:secret:with:colons")))));
        assertThat(credentials.of("registry.example.com/team/web"))
                .extracting(auth -> auth.getUsername() + "/" + auth.getPassword())
                .containsExactly("team/secret:with:colons", "all/p");
    }

    @Test
    void mayBeInTheOldForm() {
        var old = new SecretBuilder()
                .withType("kubernetes.io/dockercfg")
                .withData(Map.of(
                        ".dockercfg", base64("{\"registry.example.com\": {\"username\": \"u\", \"password\": \"p\"}}")))
                .build();
        assertThat(RegistryCredentials.of(List.of(old)).of("registry.example.com/web"))
                .hasSize(1);
    }

    @Test
    void sayNothingWhenTheyCannotBeRead() {
        var broken = List.of(
                config("not json"),
                config("{\"auths\": {\"docker.io\": {\"auth\": \"!\"}}}"),
                config("{\"auths\": {\"docker.io\": {}}}"),
                new SecretBuilder().build());
        assertThat(RegistryCredentials.of(broken).of("nginx")).isEmpty();
    }

    private static Secret config(String json) {
        return new SecretBuilder()
                .withType("kubernetes.io/dockerconfigjson")
                .withData(Map.of(".dockerconfigjson", base64(json)))
                .build();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
