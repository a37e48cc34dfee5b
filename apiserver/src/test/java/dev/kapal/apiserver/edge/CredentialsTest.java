package dev.kapal.apiserver.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.AccessOptions;
import dev.kapal.apiserver.TestServer;
import dev.kapal.apiserver.authn.Anonymous;
import dev.kapal.apiserver.authn.AuthenticationOptions;
import dev.kapal.apiserver.authn.ServiceAccountOptions;
import dev.kapal.apiserver.authz.AuthorizationOptions;
import dev.kapal.base.time.Time;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.Identity;
import dev.kapal.pki.Profile;
import dev.kapal.pki.SignedTokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Every kind of credentials beside plain certificates, over TLS: who the server takes the client for.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CredentialsTest {
    private static final String WHOAMI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private static final String SECRETS = "/api/v1/namespaces/kube-system/secrets";

    private TestServer cluster;

    @BeforeAll
    void start() throws Exception {
        cluster = TestServer.start(directory -> {
            var tokens = directory.resolve("tokens.csv");
            Files.writeString(tokens, "let-me-in,ann,uid-1,\"devs,ops\"\n");
            var passwords = directory.resolve("passwords.csv");
            Files.writeString(passwords, "open:sesame,ali,uid-2\n");
            return new AccessOptions(
                    new AuthenticationOptions(
                            new Anonymous(true, Set.of("/livez", "/readyz")),
                            ServiceAccountOptions.DEFAULT,
                            Optional.of(tokens),
                            Optional.of(passwords),
                            true,
                            List.of("front-proxy-client"),
                            List.of(),
                            Optional.empty()),
                    AuthorizationOptions.DEFAULT);
        });
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    /// `name groups`, or the status of a refusal.
    private String whoIs(Optional<Identity> identity, String... headers) throws Exception {
        var answer = review(identity, headers);
        var info = answer.path("status").path("userInfo");
        return info.isMissingNode()
                ? answer.path("code").asText()
                : info.path("username").asText() + " " + info.path("groups");
    }

    private JsonNode review(Optional<Identity> identity, String... headers) throws Exception {
        try (var client = cluster.client(identity)) {
            return cluster.post(client, WHOAMI, "{}", headers);
        }
    }

    private String bearer(String token) throws Exception {
        return whoIs(Optional.empty(), "Authorization", "Bearer " + token);
    }

    private Optional<Identity> user(String name, String... groups) {
        return Optional.of(cluster.pki().authority().issue(Profile.client(name, groups)));
    }

    @Test
    void aTokenOutOfTheFileNamesItsUser() throws Exception {
        assertThat(bearer("let-me-in")).isEqualTo("ann [\"devs\",\"ops\",\"system:authenticated\"]");
        assertThat(bearer("let-me-out")).isEqualTo("401");
    }

    @Test
    void aPasswordOutOfTheFileNamesItsUser() throws Exception {
        assertThat(whoIs(Optional.empty(), "Authorization", basic("ali:open:sesame")))
                .isEqualTo("ali [\"system:authenticated\"]");
        assertThat(whoIs(Optional.empty(), "Authorization", basic("ali:closed")))
                .isEqualTo("401");
        assertThat(whoIs(Optional.empty(), "Authorization", basic("eve:open:sesame")))
                .isEqualTo("401");
        assertThat(whoIs(Optional.empty(), "Authorization", "Basic nonsense!")).isEqualTo("401");
    }

    private static String basic(String text) {
        return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aBootstrapTokenIsGoodWhileItsSecretSaysSo() throws Exception {
        cluster.create(SECRETS, bootstrap("abcdef", "2100-01-01T00:00:00Z", "true"));
        cluster.create(SECRETS, bootstrap("oldold", "2020-01-01T00:00:00Z", "true"));
        cluster.create(SECRETS, bootstrap("signer", "2100-01-01T00:00:00Z", "false"));
        assertThat(bearer("abcdef.0123456789abcdef"))
                .isEqualTo("system:bootstrap:abcdef [\"system:bootstrappers\",\"system:bootstrappers:sailors\","
                        + "\"system:authenticated\"]");
        assertThat(bearer("abcdef.0123456789abcdee")).isEqualTo("401");
        assertThat(bearer("oldold.0123456789abcdef")).isEqualTo("401");
        assertThat(bearer("signer.0123456789abcdef")).isEqualTo("401");
        cluster.call("DELETE", SECRETS + "/bootstrap-token-abcdef", "");
        assertThat(bearer("abcdef.0123456789abcdef")).isEqualTo("401");
    }

    private static String bootstrap(String id, String expiration, String use) {
        return """
                {apiVersion: v1, kind: Secret, type: bootstrap.kubernetes.io/token, metadata: {name: bootstrap-token-%s},
                 stringData: {token-id: %s, token-secret: 0123456789abcdef, expiration: "%s",
                 usage-bootstrap-authentication: "%s", auth-extra-groups: "system:bootstrappers:sailors"}}""".formatted(id, id, expiration, use);
    }

    @Test
    void aFrontProxySpeaksForOthersAndNobodyElseDoes() throws Exception {
        var authority = cluster.pki().frontProxyAuthority();
        var proxy = Optional.of(authority.issue(Profile.client("front-proxy-client")));
        String[] said = {"X-Remote-User", "pia", "X-Remote-Group", "crew", "X-Remote-Extra-Rank%2fsea", "mate"};
        assertThat(whoIs(proxy, said)).isEqualTo("pia [\"crew\",\"system:authenticated\"]");
        assertThat(review(proxy, said)
                        .path("status")
                        .path("userInfo")
                        .path("extra")
                        .path("rank/sea")
                        .path(0)
                        .asText())
                .isEqualTo("mate");
        assertThat(whoIs(proxy)).as("without a word it is nobody").isEqualTo("401");
        var other = Optional.of(authority.issue(Profile.client("other-proxy")));
        assertThat(whoIs(other, said)).isEqualTo("401");
        assertThat(whoIs(user("eve"), "X-Remote-User", "root", "X-Remote-Group", "system:masters"))
                .isEqualTo("eve [\"system:authenticated\"]");
        assertThat(whoIs(Optional.empty(), "X-Remote-User", "root", "X-Remote-Group", "system:masters"))
                .isEqualTo("401");
        var forger = CertificateAuthority.create("front-proxy-ca", Time.system());
        assertThat(whoIs(Optional.of(forger.issue(Profile.client("front-proxy-client"))), said))
                .isEqualTo("401");
    }

    @Test
    void strangersComeToTheListedPathsOnly() throws Exception {
        try (var client = cluster.client(Optional.empty())) {
            assertThat(cluster.get(client, "/livez").statusCode()).isEqualTo(200);
            assertThat(cluster.get(client, "/version").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void whoActsForOthersNeedsARightForEachThing() throws Exception {
        cluster.create("/apis/rbac.authorization.k8s.io/v1/clusterroles", """
                {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: actor}, rules: [
                 {apiGroups: [""], resources: [users], resourceNames: [max], verbs: [impersonate]},
                 {apiGroups: [authentication.k8s.io], resources: [userextras/scopes], resourceNames: [read], verbs: [impersonate]},
                 {apiGroups: [""], resources: [serviceaccounts], verbs: [impersonate]}]}""");
        cluster.create(
                "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: actor}, roleRef:"
                        + " {kind: ClusterRole, name: actor}, subjects: [{kind: User, name: tom}]}");
        var tom = user("tom");
        assertThat(whoIs(tom, "Impersonate-User", "max")).isEqualTo("max [\"system:authenticated\"]");
        assertThat(whoIs(tom, "Impersonate-User", "max", "Impersonate-Extra-Scopes", "read"))
                .isEqualTo("max [\"system:authenticated\"]");
        assertThat(review(tom, "Impersonate-User", "max", "Impersonate-Extra-Scopes", "write")
                        .path("message")
                        .asText())
                .isEqualTo(
                        "userextras.authentication.k8s.io \"write\" is forbidden: User \"tom\" cannot impersonate"
                                + " resource \"userextras/scopes\" in API group \"authentication.k8s.io\" at the cluster scope");
        assertThat(review(tom, "Impersonate-User", "max", "Impersonate-Group", "system:masters")
                        .path("message")
                        .asText())
                .startsWith("groups \"system:masters\" is forbidden");
        assertThat(review(tom, "Impersonate-User", "max", "Impersonate-Uid", "7")
                        .path("message")
                        .asText())
                .startsWith("uids.authentication.k8s.io \"7\" is forbidden");
        assertThat(whoIs(tom, "Impersonate-User", "system:serviceaccount:default:bot"))
                .isEqualTo("system:serviceaccount:default:bot [\"system:serviceaccounts\","
                        + "\"system:serviceaccounts:default\",\"system:authenticated\"]");
        var nobody = review(tom, "Impersonate-Group", "devs");
        assertThat(nobody.path("code").asInt()).isEqualTo(500);
        assertThat(nobody.path("message").asText())
                .isEqualTo("Internal error occurred: requested [{Group  devs    }] without impersonating a user");
    }

    @Test
    void aSecretsTokenIsGoodWhileTheSecretHoldsIt() throws Exception {
        var account = cluster.call(
                        "POST",
                        "/api/v1/namespaces/kube-system/serviceaccounts",
                        "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"old\"}}")
                .document();
        var claims = Documents.object()
                .put("iss", "kubernetes/serviceaccount")
                .put("kubernetes.io/serviceaccount/namespace", "kube-system")
                .put("kubernetes.io/serviceaccount/secret.name", "old-token")
                .put("kubernetes.io/serviceaccount/service-account.name", "old")
                .put(
                        "kubernetes.io/serviceaccount/service-account.uid",
                        account.path("metadata").path("uid").asText())
                .put("sub", "system:serviceaccount:kube-system:old");
        String token = new SignedTokens(cluster.pki().serviceAccountKeys()).sign(Documents.json(claims));
        assertThat(bearer(token)).isEqualTo("401");
        cluster.create(
                SECRETS,
                "{apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token, metadata: {name: old-token,"
                        + " annotations: {kubernetes.io/service-account.name: old}}, stringData: {token: " + token
                        + "}}");
        assertThat(bearer(token)).startsWith("system:serviceaccount:kube-system:old [\"system:serviceaccounts\"");
        assertThat(cluster.call("GET", SECRETS + "/old-token", "")
                        .document()
                        .path("metadata")
                        .path("labels")
                        .path("kubernetes.io/legacy-token-last-used")
                        .asText())
                .isEqualTo(Instant.now().toString().substring(0, 10));
        cluster.call("DELETE", SECRETS + "/old-token", "");
        assertThat(bearer(token)).isEqualTo("401");
    }

    @Test
    void aReviewTellsWhoseTokenItIs() throws Exception {
        var reviews = "/apis/authentication.k8s.io/v1/tokenreviews";
        var good = cluster.call("POST", reviews, "{\"spec\":{\"token\":\"let-me-in\"}}")
                .document();
        assertThat(good.path("status").path("authenticated").asBoolean()).isTrue();
        assertThat(good.path("status").path("user").path("username").asText()).isEqualTo("ann");
        assertThat(good.path("status").path("audiences").path(0).asText())
                .isEqualTo("https://kubernetes.default.svc.cluster.local");
        var bad = cluster.call("POST", reviews, "{\"spec\":{\"token\":\"x\"}}")
                .document()
                .path("status");
        assertThat(bad.path("error").asText()).isEqualTo("invalid bearer token");
        assertThat(bad.has("authenticated")).isFalse();
        var other = cluster.call("POST", reviews, "{\"spec\":{\"token\":\"let-me-in\",\"audiences\":[\"vault\"]}}");
        assertThat(other.document().path("status").has("authenticated")).isFalse();
        assertThat(cluster.call("POST", reviews, "{}").status()).isEqualTo(400);
    }
}
