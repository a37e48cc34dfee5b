package dev.kapal.apiserver.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.AccessOptions;
import dev.kapal.apiserver.TestServer;
import dev.kapal.apiserver.authn.AuthenticationOptions;
import dev.kapal.apiserver.authn.AuthenticationOptions.TokenWebhook;
import dev.kapal.apiserver.authz.AuthorizationFile;
import dev.kapal.apiserver.authz.AuthorizationOptions;
import dev.kapal.apiserver.authz.AuthorizationOptions.Mode;
import dev.kapal.http.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers that decide for the API server, policies in a file, and the order of all of them.
class WebhooksTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private static AccessOptions authorization(List<Mode> modes, Optional<Path> policy, Optional<Path> webhook) {
        return new AccessOptions(
                AuthenticationOptions.DEFAULT,
                new AuthorizationOptions(modes, policy, webhook, "v1", Duration.ofMinutes(5), Duration.ofSeconds(30)));
    }

    private static int get(TestServer server, String user, String path) throws Exception {
        return server.callAs(new Peer.Local(user, List.of("devs")), "GET", path, "")
                .status();
    }

    /// Allows ann, denies eve, has no opinion on others.
    private static ObjectNode judge(ObjectNode review) {
        var status = review.putObject("status");
        switch (review.path("spec").path("user").asText()) {
            case "ann" -> status.put("allowed", true);
            case "eve" -> status.put("allowed", false).put("denied", true).put("reason", "not eve");
            default -> status.put("allowed", false).put("reason", "who?");
        }
        return review;
    }

    @Test
    void aWebhookAllowsDeniesOrLeavesItToTheNext() throws Exception {
        try (var adviser = new Adviser();
                var server = TestServer.start(directory -> authorization(
                        List.of(Mode.WEBHOOK, Mode.RBAC),
                        Optional.empty(),
                        Optional.of(adviser.kubeconfig(directory, "/authorize"))))) {
            adviser.answers("/authorize", WebhooksTest::judge);
            assertThat(get(server, "ann", PODS)).isEqualTo(200);
            int asked = adviser.asked();
            assertThat(get(server, "ann", PODS)).isEqualTo(200);
            assertThat(adviser.asked()).as("an answer counts for a while").isEqualTo(asked);
            assertThat(get(server, "bob", PODS)).isEqualTo(403);
            assertThat(get(server, "bob", "/api")).as("by a role").isEqualTo(200);
            assertThat(get(server, "eve", "/api"))
                    .as("a denial is the last word")
                    .isEqualTo(403);
            var refusal = server.callAs(new Peer.Local("eve", List.of()), "GET", PODS, "");
            assertThat(refusal.document().path("message").asText()).endsWith("in the namespace \"default\": not eve");
            var rules = server.callAs(
                    new Peer.Local("bob", List.of()),
                    "POST",
                    "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
                    "{\"spec\":{\"namespace\":\"default\"}}");
            assertThat(rules.status()).isEqualTo(201);
            assertThat(rules.document().path("status").path("incomplete").asBoolean())
                    .isTrue();
            assertThat(rules.document().path("status").path("evaluationError").asText())
                    .isEqualTo("webhook authorizer does not support user rule resolution");
        }
    }

    @Test
    void aWebhookThatIsDownAllowsNothingAndSaysSo(@TempDir Path directory) throws Exception {
        Path kubeconfig;
        try (var gone = new Adviser()) {
            kubeconfig = gone.kubeconfig(directory, "/authorize");
        }
        try (var server = TestServer.start(
                own -> authorization(List.of(Mode.RBAC, Mode.WEBHOOK), Optional.empty(), Optional.of(kubeconfig)))) {
            assertThat(get(server, "ann", "/api"))
                    .as("what a role allows goes on")
                    .isEqualTo(200);
            var refusal = server.callAs(new Peer.Local("ann", List.of()), "GET", PODS, "");
            assertThat(refusal.status()).isEqualTo(500);
            assertThat(refusal.document().path("message").asText())
                    .startsWith("Internal error occurred: authorization webhook failed");
            assertThat(server.call("GET", PODS, "").status())
                    .as("masters need nobody")
                    .isEqualTo(200);
        }
    }

    @Test
    void aFileOfPoliciesDecides(@TempDir Path directory) throws Exception {
        var policy = Files.writeString(directory.resolve("policy.jsonl"), """
                {"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"user":"ann","namespace":"default","resource":"pods","apiGroup":"*","readonly":true}}
                {"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"group":"devs","nonResourcePath":"/api*"}}
                {"user":"old"}
                """);
        try (var server =
                TestServer.start(own -> authorization(List.of(Mode.ABAC), Optional.of(policy), Optional.empty()))) {
            assertThat(get(server, "ann", PODS)).isEqualTo(200);
            assertThat(get(server, "ann", "/api/v1/namespaces/kube-system/pods"))
                    .isEqualTo(403);
            assertThat(server.callAs(new Peer.Local("ann", List.of()), "DELETE", PODS + "/x", "")
                            .status())
                    .isEqualTo(403);
            assertThat(get(server, "bob", "/apis")).isEqualTo(200);
            assertThat(get(server, "bob", "/version"))
                    .as("roles do not count here")
                    .isEqualTo(403);
            assertThat(get(server, "old", "/api/v1/nodes")).isEqualTo(200);
            var refusal = server.callAs(new Peer.Local("bob", List.of()), "GET", PODS, "");
            assertThat(refusal.document().path("message").asText()).endsWith(": No policy matched.");
        }
        Files.writeString(policy, "{\"kind\":\"Policy\"}\n");
        assertThatThrownBy(() -> TestServer.start(
                        own -> authorization(List.of(Mode.ABAC), Optional.of(policy), Optional.empty())))
                .hasMessageContaining("error reading policy file")
                .hasMessageContaining("line 1");
    }

    @Test
    void aFileOrdersAuthorizersAndSaysWhenAWebhookIsAsked() throws Exception {
        try (var adviser = new Adviser();
                var server = TestServer.start(directory -> {
                    adviser.kubeconfig(directory, "/authorize");
                    var file = Files.writeString(directory.resolve("authz.yaml"), """
                            apiVersion: apiserver.config.k8s.io/v1
                            kind: AuthorizationConfiguration
                            authorizers:
                            - type: Webhook
                              name: judge
                              webhook:
                                timeout: 3s
                                subjectAccessReviewVersion: v1
                                matchConditionSubjectAccessReviewVersion: v1
                                failurePolicy: Deny
                                connectionInfo: {type: KubeConfigFile, kubeConfigFile: adviser.kubeconfig}
                                matchConditions:
                                - expression: has(request.resourceAttributes)
                                - expression: request.user != 'bob' && !('system:nodes' in request.groups)
                            - {type: RBAC, name: rbac}
                            """);
                    return new AccessOptions(AuthenticationOptions.DEFAULT, AuthorizationFile.read(file));
                })) {
            adviser.answers("/authorize", WebhooksTest::judge);
            assertThat(get(server, "ann", PODS)).isEqualTo(200);
            assertThat(get(server, "eve", PODS)).isEqualTo(403);
            assertThat(get(server, "eve", "/api")).as("not asked about paths").isEqualTo(200);
            int asked = adviser.asked();
            assertThat(get(server, "bob", PODS)).isEqualTo(403);
            assertThat(adviser.asked()).as("not asked about bob").isEqualTo(asked);
        }
    }

    @Test
    void aChangedFileCountsAtOnceAndABrokenOneDoesNot(@TempDir Path directory) throws Exception {
        var file = directory.resolve("authz.yaml");
        authorizers(file, "{type: RBAC, name: rbac}");
        try (var server = TestServer.start(
                own -> new AccessOptions(AuthenticationOptions.DEFAULT, AuthorizationFile.read(file)))) {
            assertThat(get(server, "ann", PODS)).isEqualTo(403);
            authorizers(file, "{type: AlwaysAllow, name: all}");
            assertThat(get(server, "ann", PODS)).isEqualTo(200);
            authorizers(file, "{type: Wizard, name: merlin}");
            assertThat(get(server, "ann", PODS)).as("what was there counts").isEqualTo(200);
            Files.delete(file);
            assertThat(get(server, "ann", PODS)).isEqualTo(200);
            authorizers(file, "{type: Node, name: node}, {type: RBAC, name: rbac}");
            assertThat(get(server, "ann", PODS)).isEqualTo(403);
            String metrics = server.call("GET", "/metrics", "").text();
            String counter = "apiserver_authorization_config_controller_automatic_reload";
            assertThat(metrics)
                    .contains(counter + "s_total{status=\"success\",apiserver_id_hash=\"\"} 2")
                    .contains(counter + "s_total{status=\"failure\",apiserver_id_hash=\"\"} 2")
                    .contains(counter + "_last_timestamp_seconds{status=\"success\"");
        }
    }

    @Test
    void aFileNamesWhatItDoesNotKnow(@TempDir Path directory) throws Exception {
        var file = directory.resolve("authz.yaml");
        authorizers(file, "{type: RBAC, name: rbac}, {type: Webhook, name: w, webhook: {matchCondition: []}}");
        assertThatThrownBy(() -> AuthorizationFile.read(file))
                .hasMessageEndingWith("strict decoding error: unknown field \"authorizers[1].webhook.matchCondition\"");
    }

    private static void authorizers(Path file, String list) throws IOException {
        WholeFile.write(
                file,
                "{apiVersion: apiserver.config.k8s.io/v1, kind: AuthorizationConfiguration, authorizers: [" + list
                        + "]}");
    }

    @Test
    void nobodyOrEverybodyMay() throws Exception {
        try (var server =
                TestServer.start(own -> authorization(List.of(Mode.ALWAYS_DENY), Optional.empty(), Optional.empty()))) {
            assertThat(get(server, "ann", "/api")).isEqualTo(403);
            assertThat(server.call("GET", PODS, "").status()).isEqualTo(200);
        }
        try (var server = TestServer.start(
                own -> authorization(List.of(Mode.ALWAYS_ALLOW), Optional.empty(), Optional.empty()))) {
            assertThat(get(server, "ann", PODS)).isEqualTo(200);
        }
        assertThatThrownBy(() -> AuthorizationOptions.modes("Node,Rbac"))
                .hasMessage("authorization-mode \"Rbac\" is not a valid mode");
        assertThatThrownBy(() -> AuthorizationOptions.of(List.of(Mode.ABAC)))
                .hasMessage("authorization-mode ABAC's authorization policy file not passed");
    }

    @Test
    void aWebhookKnowsTokens() throws Exception {
        try (var adviser = new Adviser();
                var server = TestServer.start(directory -> tokens(adviser.kubeconfig(directory, "/tokens")))) {
            adviser.answers("/tokens", review -> {
                boolean known = review.path("spec").path("token").asText().equals("sesame");
                var status = review.putObject("status").put("authenticated", known);
                if (known) {
                    status.putObject("user")
                            .put("username", "ali")
                            .putArray("groups")
                            .add("thieves");
                } else {
                    status.put("error", "unknown word");
                }
                return review;
            });
            String reviews = "/apis/authentication.k8s.io/v1/tokenreviews";
            var good = server.call("POST", reviews, "{\"spec\":{\"token\":\"sesame\"}}")
                    .document()
                    .path("status");
            assertThat(good.path("user").path("username").asText()).isEqualTo("ali");
            assertThat(good.path("user").path("groups").toString()).isEqualTo("[\"thieves\",\"system:authenticated\"]");
            var bad = server.call("POST", reviews, "{\"spec\":{\"token\":\"barley\"}}")
                    .document()
                    .path("status");
            assertThat(bad.path("error").asText()).isEqualTo("[invalid bearer token, unknown word]");
            try (var client = server.client(Optional.empty())) {
                assertThat(server.get(client, "/api", "Authorization", "Bearer sesame")
                                .statusCode())
                        .isEqualTo(200);
                assertThat(server.get(client, "/api", "Authorization", "Bearer barley")
                                .statusCode())
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void aWebhookForTokensThatIsDownKnowsNobodyAndHoldsUpNobodyElse(@TempDir Path directory) throws Exception {
        Path kubeconfig;
        try (var gone = new Adviser()) {
            kubeconfig = gone.kubeconfig(directory, "/tokens");
        }
        try (var server = TestServer.start(own -> tokens(kubeconfig));
                var stranger = server.client(Optional.empty());
                var admin = server.client(Optional.of(server.pki().admin()))) {
            var review = server.call(
                            "POST", "/apis/authentication.k8s.io/v1/tokenreviews", "{\"spec\":{\"token\":\"sesame\"}}")
                    .document()
                    .path("status");
            assertThat(review.has("authenticated")).isFalse();
            assertThat(review.path("error").asText()).contains("token webhook failed");
            assertThat(server.get(stranger, "/api", "Authorization", "Bearer sesame")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(server.get(admin, PODS).statusCode()).isEqualTo(200);
        }
    }

    private static AccessOptions tokens(Path kubeconfig) {
        var base = AuthenticationOptions.DEFAULT;
        return new AccessOptions(
                new AuthenticationOptions(
                        base.anonymous(),
                        base.accounts(),
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        base.proxyNames(),
                        List.of(),
                        Optional.of(new TokenWebhook(kubeconfig, "v1", Duration.ofMinutes(2)))),
                AuthorizationOptions.DEFAULT);
    }
}
