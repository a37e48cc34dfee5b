package dev.kapal.apiserver.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.kapal.apiserver.TestServer;
import dev.kapal.base.time.Time;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.Identity;
import dev.kapal.pki.Profile;
import dev.kapal.testkit.Conformance;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Who gets in, over TLS, and what the others hear.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthenticationTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private TestServer cluster;

    @BeforeAll
    void start() throws Exception {
        cluster = TestServer.start();
        cluster.create(
                "/api/v1/namespaces/default/serviceaccounts",
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: app}}");
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private record Said(int status, String message) {}

    private Said ask(Optional<Identity> identity, String path, String... headers) throws Exception {
        try (var client = cluster.client(identity)) {
            var answer = cluster.get(client, path, headers);
            boolean json =
                    answer.headers().firstValue("Content-Type").orElse("").contains("json");
            return new Said(
                    answer.statusCode(),
                    json
                            ? Documents.read(answer.body().getBytes(StandardCharsets.UTF_8))
                                    .path("message")
                                    .asText()
                            : answer.body());
        }
    }

    private Optional<Identity> user(String name, String... groups) {
        return Optional.of(cluster.pki().authority().issue(Profile.client(name, groups)));
    }

    @Test
    void strangersMayReadHealthAndVersionOnly() throws Exception {
        for (var path : new String[] {"/healthz", "/livez", "/readyz", "/version"}) {
            assertThat(ask(Optional.empty(), path).status()).as(path).isEqualTo(200);
        }
        assertThat(ask(Optional.empty(), "/readyz/ping").status()).isEqualTo(403);
        assertThat(ask(Optional.empty(), "/api"))
                .isEqualTo(new Said(403, "forbidden: User \"system:anonymous\" cannot get path \"/api\""));
        assertThat(ask(Optional.empty(), PODS))
                .isEqualTo(new Said(
                        403,
                        "pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\" in API group \"\""
                                + " in the namespace \"default\""));
        assertThat(ask(Optional.empty(), "/metrics").status()).isEqualTo(403);
    }

    @Test
    void badCredentialsAreNotTheSameAsNone() throws Exception {
        assertThat(ask(Optional.empty(), "/version", "Authorization", "Bearer nonsense"))
                .isEqualTo(new Said(401, "Unauthorized"));
        var forger = CertificateAuthority.create("kubernetes", Time.system());
        var forged = Optional.of(forger.issue(Profile.client("kubernetes-admin", "system:masters")));
        assertThat(ask(forged, "/api")).isEqualTo(new Said(401, "Unauthorized"));
    }

    @Test
    void aCertificateNamesUserAndGroups() throws Exception {
        assertThat(ask(Optional.of(cluster.pki().admin()), PODS).status()).isEqualTo(200);
        assertThat(ask(user("bob", "dev", "ops"), PODS).message())
                .startsWith("pods is forbidden: User \"bob\" cannot list resource \"pods\"");
        assertThat(ask(user("bob"), "/apis").status()).isEqualTo(200);
        assertThat(ask(user("bob"), "/api/v1/nodes/n1").message())
                .isEqualTo("nodes \"n1\" is forbidden: User \"bob\" cannot get resource \"nodes\" in API group \"\""
                        + " at the cluster scope");
        assertThat(ask(user("bob"), "/apis/apps/v1/namespaces/x/deployments/web/scale")
                        .message())
                .isEqualTo("deployments.apps \"web\" is forbidden: User \"bob\" cannot get resource"
                        + " \"deployments/scale\" in API group \"apps\" in the namespace \"x\"");
    }

    @Test
    void nodesMayWriteAboutThemselvesOnly() throws Exception {
        var node = user("system:node:n1", "system:nodes");
        assertThat(ask(node, "/api/v1/pods?fieldSelector=spec.nodeName%3Dn1").status())
                .isEqualTo(200);
        assertThat(ask(node, "/api/v1/pods").message())
                .endsWith("can only list/watch pods with spec.nodeName field selector");
        assertThat(ask(node, "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n2")
                        .message())
                .contains("can only access node lease with the same name as the requesting node");
        assertThat(ask(node, "/apis/apps/v1/deployments").status()).isEqualTo(403);
    }

    @Test
    void nodesMayReadWhatTheirPodsNeedOnly() throws Exception {
        String namespace = "/api/v1/namespaces/default";
        for (var name : new String[] {"needed", "other"}) {
            cluster.create(namespace + "/secrets", "{apiVersion: v1, kind: Secret, metadata: {name: " + name + "}}");
        }
        cluster.create(
                namespace + "/pods",
                "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {serviceAccountName: app, nodeName: n1,"
                        + " containers: [{name: c, image: x, envFrom: [{secretRef: {name: needed}}]}]}}");
        var node = user("system:node:n1", "system:nodes");
        assertThat(ask(node, namespace + "/secrets/needed").status()).isEqualTo(200);
        assertThat(ask(node, namespace + "/secrets?fieldSelector=metadata.name%3Dneeded")
                        .status())
                .isEqualTo(200);
        assertThat(ask(node, namespace + "/configmaps/kube-root-ca.crt").status())
                .as("allowed, though the root CA publisher does not run here")
                .isEqualTo(404);
        assertThat(ask(node, namespace + "/secrets/other").message())
                .isEqualTo(
                        "secrets \"other\" is forbidden: User \"system:node:n1\" cannot get resource \"secrets\" in API"
                                + " group \"\" in the namespace \"default\": no relationship found between node 'n1' and this"
                                + " object");
        assertThat(ask(node, namespace + "/secrets").message()).endsWith("No Object name found");
        assertThat(ask(user("system:node:n2", "system:nodes"), namespace + "/secrets/needed")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aTokenIsGoodAsLongAsItsAccount() throws Exception {
        String account = "/api/v1/namespaces/default/serviceaccounts/app";
        var issued = cluster.call(
                "POST",
                account + "/token",
                "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":{\"expirationSeconds\":600}}");
        assertThat(issued.status()).isEqualTo(201);
        assertThat(issued.document().path("status").path("expirationTimestamp").asText())
                .endsWith("Z");
        String bearer =
                "Bearer " + issued.document().path("status").path("token").asText();
        assertThat(ask(Optional.empty(), "/api", "Authorization", bearer).status())
                .isEqualTo(200);
        assertThat(ask(Optional.empty(), PODS, "Authorization", bearer).message())
                .contains("User \"system:serviceaccount:default:app\" cannot list resource \"pods\"");
        var broken = bearer.substring(0, bearer.length() - 4) + "AAAA";
        assertThat(ask(Optional.empty(), "/api", "Authorization", broken).status())
                .isEqualTo(401);
        cluster.call("DELETE", account, "");
        assertThat(ask(Optional.empty(), "/api", "Authorization", bearer).status())
                .isEqualTo(401);
        cluster.create(
                "/api/v1/namespaces/default/serviceaccounts",
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: app}}");
        assertThat(ask(Optional.empty(), "/api", "Authorization", bearer).status())
                .as("another account under the same name")
                .isEqualTo(401);
    }

    @Test
    void tokensAreRefusedForOddTimesAndMissingAccounts() throws Exception {
        String account = "/api/v1/namespaces/default/serviceaccounts/";
        var shortLived = cluster.call("POST", account + "app/token", "{\"spec\":{\"expirationSeconds\":5}}");
        assertThat(shortLived.status()).isEqualTo(422);
        assertThat(shortLived.document().path("message").asText())
                .isEqualTo("TokenRequest.authentication.k8s.io \"app\" is invalid: spec.expirationSeconds:"
                        + " Invalid value: 5: may not specify a duration less than 10 minutes");
        assertThat(cluster.call("POST", account + "nobody/token", "{}").status())
                .isEqualTo(404);
    }

    @Test
    void aTokenIsForTheAccountThatWasMeant() throws Exception {
        String account = "/api/v1/namespaces/default/serviceaccounts/";
        String uid = cluster.call(
                        "POST",
                        "/api/v1/namespaces/default/serviceaccounts",
                        "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"meant\"}}")
                .document()
                .path("metadata")
                .path("uid")
                .asText();
        var other = cluster.call("POST", account + "meant/token", "{\"metadata\":{\"uid\":\"earlier\"}}");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.document().path("message").asText())
                .isEqualTo(
                        "Operation cannot be fulfilled on TokenRequest.authentication.k8s.io \"meant\": the UID in the"
                                + " token request (earlier) does not match the UID of the service account (" + uid
                                + ")");
        assertThat(cluster.call("POST", account + "meant/token", "{\"metadata\":{\"uid\":\"" + uid + "\"}}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void administratorsMayActForOthers() throws Exception {
        var admin = Optional.of(cluster.pki().admin());
        assertThat(ask(admin, PODS, "Impersonate-User", "eve").message()).contains("User \"eve\" cannot list");
        assertThat(ask(admin, PODS, "Impersonate-User", "eve", "Impersonate-Group", "system:masters")
                        .status())
                .isEqualTo(200);
        assertThat(ask(user("bob"), PODS, "Impersonate-User", "kubernetes-admin")
                        .message())
                .isEqualTo("users \"kubernetes-admin\" is forbidden: User \"bob\" cannot impersonate resource"
                        + " \"users\" in API group \"\" at the cluster scope");
    }

    @Test
    void everyAnswerCarriesItsAuditId() throws Exception {
        try (var client = cluster.client(Optional.empty())) {
            assertThat(cluster.get(client, "/api").headers().firstValue("Audit-Id"))
                    .isPresent();
            assertThat(cluster.get(client, "/healthz", "Audit-Id", "mine")
                            .headers()
                            .firstValue("Audit-Id"))
                    .contains("mine");
        }
    }

    @Test
    void showsTheKeysThatTokensAreCheckedWith() throws Exception {
        assertThat(cluster.call("GET", "/openid/v1/jwks", "")
                        .document()
                        .path("keys")
                        .get(0)
                        .path("alg")
                        .asText())
                .isEqualTo("RS256");
        assertThat(cluster.call("GET", "/.well-known/openid-configuration", "")
                        .document()
                        .path("issuer")
                        .asText())
                .isEqualTo("https://kubernetes.default.svc.cluster.local");
    }

    @Test
    @Conformance("auth-serviceaccount-oidc-discovery")
    void othersCheckAPodsTokenByWhatIsPublished() throws Exception {
        cluster.create(
                "/api/v1/namespaces/default/serviceaccounts",
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: traveller}}");
        var answer = cluster.call(
                "POST",
                "/api/v1/namespaces/default/serviceaccounts/traveller/token",
                "{\"spec\":{\"audiences\":[\"elsewhere\"]}}");
        var bearer = cluster.call("POST", "/api/v1/namespaces/default/serviceaccounts/traveller/token", "{}");
        String own = bearer.document().path("status").path("token").asText();
        try (var client = cluster.client(Optional.empty())) {
            // any account may read both, strangers may not
            var discovery = cluster.get(client, "/.well-known/openid-configuration", "Authorization", "Bearer " + own);
            assertThat(discovery.statusCode()).isEqualTo(200);
            var keys = cluster.get(client, "/openid/v1/jwks", "Authorization", "Bearer " + own);
            assertThat(keys.headers().firstValue("Content-Type")).contains("application/jwk-set+json");
            assertThat(cluster.get(client, "/openid/v1/jwks").statusCode()).isEqualTo(403);
            var issuer = Documents.read(discovery.body().getBytes(StandardCharsets.UTF_8));
            assertThat(issuer.path("jwks_uri").asText())
                    .isEqualTo(issuer.path("issuer").asText() + "/openid/v1/jwks");

            var token = SignedJWT.parse(
                    answer.document().path("status").path("token").asText());
            var key = JWKSet.parse(keys.body()).getKeyByKeyId(token.getHeader().getKeyID());
            assertThat(token.verify(new RSASSAVerifier(key.toRSAKey()))).isTrue();
            var claims = token.getJWTClaimsSet();
            assertThat(claims.getIssuer()).isEqualTo(issuer.path("issuer").asText());
            assertThat(claims.getAudience()).containsExactly("elsewhere");
            assertThat(claims.getSubject()).isEqualTo("system:serviceaccount:default:traveller");
        }
    }
}
