package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What people get wrong, and what they are told.
@ExtendWith(Cluster.class)
class BadInputStory {
    private Namespace namespace;
    private Kubectl kubectl;

    @BeforeEach
    void begin(Cluster cluster) {
        namespace = Namespace.create(cluster);
        kubectl = namespace.kubectl();
    }

    @AfterEach
    void end() {
        namespace.close();
    }

    @Test
    void anInvalidNameNamesTheField() {
        var run = kubectl.attempt("create", "configmap", "Not_A_Name");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("metadata.name: Invalid value: \"Not_A_Name\"", "a lowercase RFC 1123 subdomain");
    }

    @Test
    void anUnknownFieldIsRefusedByStrictValidation() {
        var run = feed("{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, dada: {}}", "create", "-f", "-");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("unknown field \"dada\"");
        assertThat(feed(
                                "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, dada: {}}",
                                "create",
                                "--validate=warn",
                                "-f",
                                "-")
                        .err())
                .contains("Warning", "unknown field \"dada\"");
    }

    @Test
    void malformedJsonIsABadRequest() {
        var run = feed(
                "{\"kind\": ", "create", "--raw", "/api/v1/namespaces/" + namespace.name() + "/configmaps", "-f", "-");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("(BadRequest)", "json parse error: unexpected end of JSON input");
    }

    @Test
    void aBodyOverThreeMegabytesIsTooLarge() {
        String big = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"big\"},\"data\":{\"x\":\""
                + "x".repeat(4 << 20) + "\"}}";
        var run = feed(big, "create", "--raw", "/api/v1/namespaces/" + namespace.name() + "/configmaps", "-f", "-");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).containsIgnoringCase("too large");
    }

    @Test
    void whoHasNoCredentialsSeesOnlyHealthAndVersion(Cluster cluster) {
        String server = "https://127.0.0.1:" + Cluster.PORT;
        assertThat(curl(server + "/readyz")).isEqualTo("ok 200");
        assertThat(curl(server + "/version")).contains("v1.34.0+kapal").endsWith(" 200");
        assertThat(curl(server + "/api/v1/pods"))
                .contains("pods is forbidden: User \\\"system:anonymous\\\" cannot list resource \\\"pods\\\"")
                .endsWith(" 403");
        assertThat(curl(server + "/api/v1/pods", "-H", "Authorization: Bearer nonsense"))
                .contains("Unauthorized")
                .endsWith(" 401");
    }

    @Test
    void aPodThatFitsNowhereSaysWhy() {
        feed("""
                apiVersion: v1
                kind: Pod
                metadata: {name: giant}
                spec: {containers: [{name: c, image: x, resources: {requests: {cpu: "1000"}}}]}
                """, "create", "-f", "-").ok();
        kubectl.until(
                Duration.ofSeconds(60), "0/1 nodes are available: 1 Insufficient cpu.", "describe", "pod", "giant");
    }

    private Run feed(String input, String... arguments) {
        return Run.of(Duration.ofSeconds(60), Map.of(), Run.bytes(input), kubectl.command(arguments));
    }

    private static String curl(String... arguments) {
        var command = new ArrayList<>(List.of("curl", "-sk", "-m", "10", "-w", " %{http_code}"));
        command.addAll(List.of(arguments));
        return Run.of(Duration.ofSeconds(60), Map.of(), new byte[0], command)
                .ok()
                .out();
    }
}
