package dev.kapal.apiserver.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.kapal.apiserver.AccessOptions;
import dev.kapal.apiserver.TestServer;
import dev.kapal.apiserver.authn.Anonymous;
import dev.kapal.apiserver.authn.AuthenticationOptions;
import dev.kapal.apiserver.authn.ServiceAccountOptions;
import dev.kapal.apiserver.authn.oidc.AuthenticationFile;
import dev.kapal.apiserver.authn.oidc.JwtIssuer;
import dev.kapal.apiserver.authz.AuthorizationOptions;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Tokens of an OpenID Connect provider: which are believed, and who comes of them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OidcTest {
    private Adviser provider;
    private TestServer cluster;
    private final AtomicReference<List<JWK>> published = new AtomicReference<>(List.of());
    private JWK rsa;
    private JWK elliptic;

    @BeforeAll
    void start() throws Exception {
        provider = new Adviser();
        rsa = new RSAKeyGenerator(2048).keyID("one").generate();
        elliptic = new ECKeyGenerator(Curve.P_256).keyID("two").generate();
        published.set(List.of(rsa));
        provider.answers(
                "/.well-known/openid-configuration",
                question -> Documents.object().put("issuer", provider.url()).put("jwks_uri", provider.url() + "/keys"));
        provider.answers("/keys", question -> keys());
        cluster = TestServer.start(this::access);
    }

    private ObjectNode keys() {
        return Documents.read(new JWKSet(published.get()).toString(true).getBytes(StandardCharsets.UTF_8));
    }

    private AccessOptions access(Path directory) {
        var plain = new JwtIssuer(
                provider.url(),
                Optional.empty(),
                Optional.of(provider.authorityPem()),
                List.of("kapal", "other"),
                Set.of("RS256", "ES256"),
                List.of(
                        new JwtIssuer.RequiredClaim("hd", "example.com"),
                        new JwtIssuer.Rule("claims.exp - claims.iat <= 86400", "lives too long")),
                new JwtIssuer.Mappings(
                        new JwtIssuer.FromClaim("email", "oidc:"),
                        Optional.of(new JwtIssuer.FromExpression("claims.roles.split(',').map(r, 'role:' + r)")),
                        Optional.of(new JwtIssuer.FromClaim("sub", "")),
                        List.of(new JwtIssuer.Extra("example.com/tenant", "claims.tenant"))),
                List.of(new JwtIssuer.Rule("!user.groups.exists(g, g.startsWith('system:'))", "no system groups")));
        var base = AuthenticationOptions.DEFAULT;
        return new AccessOptions(
                new AuthenticationOptions(
                        base.anonymous(),
                        base.accounts(),
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        base.proxyNames(),
                        List.of(plain),
                        Optional.empty()),
                AuthorizationOptions.DEFAULT);
    }

    @AfterAll
    void stop() {
        cluster.close();
        provider.close();
    }

    private JWTClaimsSet.Builder claims() {
        var now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(provider.url())
                .audience("kapal")
                .subject("u-1")
                .jwtID("t-1")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(600)))
                .claim("email", "ann@example.com")
                .claim("email_verified", true)
                .claim("hd", "example.com")
                .claim("roles", "dev,ops")
                .claim("tenant", "north");
    }

    private static String signed(JWTClaimsSet.Builder claims, JWK key, JWSAlgorithm algorithm) throws Exception {
        JWSSigner signer = algorithm.equals(JWSAlgorithm.ES256)
                ? new ECDSASigner(key.toECKey())
                : new RSASSASigner(key.toRSAKey());
        var token = new SignedJWT(
                new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), claims.build());
        token.sign(signer);
        return token.serialize();
    }

    private String signed(JWTClaimsSet.Builder claims) throws Exception {
        return signed(claims, rsa, JWSAlgorithm.RS256);
    }

    private ObjectNode review(String token) throws Exception {
        return review(cluster, token);
    }

    private String error(String token) throws Exception {
        var status = review(token);
        assertThat(status.has("authenticated")).as(status.toString()).isFalse();
        return status.path("error").asText();
    }

    @Test
    void claimsAndExpressionsMakeAUser() throws Exception {
        var user = review(signed(claims())).path("user");
        assertThat(user.path("username").asText()).isEqualTo("oidc:ann@example.com");
        assertThat(user.path("uid").asText()).isEqualTo("u-1");
        assertThat(user.path("groups").toString()).isEqualTo("[\"role:dev\",\"role:ops\",\"system:authenticated\"]");
        assertThat(user.path("extra").toString())
                .isEqualTo("{\"authentication.kubernetes.io/credential-id\":[\"JTI=t-1\"],"
                        + "\"example.com/tenant\":[\"north\"]}");
    }

    @Test
    void aTokenOpensTheServer() throws Exception {
        try (var client = cluster.client(Optional.empty())) {
            var answer = cluster.get(client, "/api", "Authorization", "Bearer " + signed(claims()));
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void timeAudienceAndClaimsAreChecked() throws Exception {
        var past = Date.from(Instant.now().minusSeconds(1));
        assertThat(error(signed(claims().expirationTime(past)))).contains("oidc: token is expired");
        assertThat(error(signed(claims().audience("somebody")))).contains("oidc: expected audience");
        assertThat(error(signed(claims().claim("hd", "evil.example"))))
                .contains("oidc: required claim hd value does not match. Got = evil.example, want = example.com");
        assertThat(error(signed(claims().claim("hd", null)))).contains("required claim hd not present in ID token");
        assertThat(error(signed(claims().claim("email_verified", false)))).contains("oidc: email not verified");
        assertThat(error(signed(claims().claim("email", null)))).contains("claim not present");
        assertThat(error(signed(claims().expirationTime(Date.from(Instant.now().plusSeconds(200_000))))))
                .contains("failed: lives too long");
        assertThat(error(signed(claims().claim("roles", "x").claim("tenant", 7))))
                .contains("must be a string");
    }

    @Test
    void keysRotateWithoutARestart() throws Exception {
        assertThat(error(signed(claims(), elliptic, JWSAlgorithm.ES256))).contains("failed to verify");
        published.set(List.of(elliptic));
        try {
            assertThat(review(signed(claims(), elliptic, JWSAlgorithm.ES256))
                            .path("authenticated")
                            .asBoolean())
                    .isTrue();
            assertThat(error(signed(claims()))).as("its key is gone").contains("failed to verify");
        } finally {
            published.set(List.of(rsa));
        }
        assertThat(review(signed(claims())).path("authenticated").asBoolean()).isTrue();
    }

    @Test
    void unsignedAndForgedTokensAreRefused() throws Exception {
        String payload = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims().build().toString().getBytes(StandardCharsets.UTF_8));
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(error(none + "." + payload + ".")).contains("malformed jwt");
        var forger = new RSAKeyGenerator(2048).keyID("one").generate();
        assertThat(error(signed(claims(), forger, JWSAlgorithm.RS256))).contains("failed to verify");
        assertThat(error(signed(claims(), rsa, JWSAlgorithm.RS512))).contains("unsupported algorithm");
        // the public key as the secret of a MAC
        var mac = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims().build());
        mac.sign(new MACSigner(rsa.toRSAKey().toPublicKey().getEncoded()));
        assertThat(error(mac.serialize())).contains("unsupported algorithm");
    }

    @Test
    void aProviderThatIsDownVouchesForNobody() throws Exception {
        try (var down = new Adviser()) {
            try (var server = TestServer.start(directory ->
                    new AccessOptions(believing(down.url(), down.authorityPem()), AuthorizationOptions.DEFAULT))) {
                var body = Documents.object();
                body.putObject("spec").put("token", signed(claims().issuer(down.url())));
                var answer = server.call("POST", "/apis/authentication.k8s.io/v1/tokenreviews", Documents.text(body));
                assertThat(answer.document().path("status").path("error").asText())
                        .contains("oidc: authenticator for issuer \"" + down.url() + "\" is not initialized");
                try (var client = server.client(Optional.empty())) {
                    assertThat(server.get(
                                            client,
                                            "/api",
                                            "Authorization",
                                            "Bearer " + signed(claims().issuer(down.url())))
                                    .statusCode())
                            .isEqualTo(401);
                }
                assertThat(server.call("GET", "/api/v1/namespaces", "").status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aProviderThatGoesDownIsBelievedAsFarAsItsKeysAreKnown() throws Exception {
        var passing = new Adviser();
        try (var server = TestServer.start(directory ->
                new AccessOptions(believing(passing.url(), passing.authorityPem()), AuthorizationOptions.DEFAULT))) {
            passing.answers(
                    "/.well-known/openid-configuration",
                    question ->
                            Documents.object().put("issuer", passing.url()).put("jwks_uri", passing.url() + "/keys"));
            passing.answers("/keys", question -> keys());
            var claims = claims().issuer(passing.url());
            assertThat(whoIs(server, signed(claims))).isEqualTo("u-1");
            passing.close();
            assertThat(whoIs(server, signed(claims.subject("u-2")))).isEqualTo("u-2");
            assertThat(whoIs(server, signed(claims, elliptic, JWSAlgorithm.ES256)))
                    .as("a key that nobody can ask about")
                    .isEqualTo("nobody");
        }
    }

    @Test
    void groupsMayBeToldElsewhere() throws Exception {
        try (var library = new Adviser(provider)) {
            var shelf = new RSAKeyGenerator(2048).keyID("shelf").generate();
            library.answers(
                    "/.well-known/openid-configuration",
                    question ->
                            Documents.object().put("issuer", library.url()).put("jwks_uri", library.url() + "/keys"));
            library.answers(
                    "/keys",
                    question -> Documents.read(new JWKSet(shelf).toString(true).getBytes(StandardCharsets.UTF_8)));
            var told = claims().issuer(library.url()).claim("groups", List.of("dev", "ops"));
            library.says("/groups", "Bearer open-sesame", signed(told, shelf, JWSAlgorithm.RS256));
            library.says("/stale", "", signed(told.audience("somebody"), shelf, JWSAlgorithm.RS256));
            library.says("/empty", "", signed(claims().issuer(library.url()), shelf, JWSAlgorithm.RS256));
            library.says("/forged", "", signed(claims().claim("groups", "x"), shelf, JWSAlgorithm.RS256));
            try (var server = TestServer.start(directory -> new AccessOptions(
                    believing(provider.url(), provider.authorityPem()), AuthorizationOptions.DEFAULT))) {
                var user = review(server, signed(elsewhere(library, "/groups")));
                assertThat(user.path("user").path("groups").toString())
                        .isEqualTo("[\"dev\",\"ops\",\"system:authenticated\"]");
                var both = elsewhere(library, "/groups").claim("groups", List.of("qa"));
                assertThat(review(server, signed(both))
                                .path("user")
                                .path("groups")
                                .toString())
                        .as("what stands in the token counts")
                        .isEqualTo("[\"qa\",\"system:authenticated\"]");
                assertThat(review(server, signed(elsewhere(library, "/stale"))).toString())
                        .contains("oidc: expected audience");
                assertThat(review(server, signed(elsewhere(library, "/empty"))).toString())
                        .contains("did not contain claim: groups");
                assertThat(review(server, signed(elsewhere(library, "/forged"))).toString())
                        .contains("failed to verify");
                assertThat(review(server, signed(elsewhere(library, "/nowhere")))
                                .toString())
                        .contains("could not expand distributed claims")
                        .contains("404");
            }
        }
    }

    private JWTClaimsSet.Builder elsewhere(Adviser library, String path) {
        return claims().claim("_claim_names", Map.of("groups", "library"))
                .claim(
                        "_claim_sources",
                        Map.of("library", Map.of("endpoint", library.url() + path, "access_token", "open-sesame")));
    }

    private static ObjectNode review(TestServer server, String token) throws Exception {
        var body = Documents.object();
        body.putObject("spec").put("token", token);
        return (ObjectNode) server.call("POST", "/apis/authentication.k8s.io/v1/tokenreviews", Documents.text(body))
                .document()
                .path("status");
    }

    /// Subjects are users, as they are.
    private static AuthenticationOptions believing(String url, String authorityPem) {
        var issuer = new JwtIssuer(
                url,
                Optional.empty(),
                Optional.of(authorityPem),
                List.of("kapal"),
                Set.of("RS256", "ES256"),
                List.of(),
                new JwtIssuer.Mappings(
                        new JwtIssuer.FromClaim("sub", ""),
                        Optional.of(new JwtIssuer.FromClaim("groups", "")),
                        Optional.empty(),
                        List.of()),
                List.of());
        var base = AuthenticationOptions.DEFAULT;
        return new AuthenticationOptions(
                base.anonymous(),
                base.accounts(),
                Optional.empty(),
                Optional.empty(),
                true,
                base.proxyNames(),
                List.of(issuer),
                Optional.empty());
    }

    @Test
    void aChangedFileCountsAtOnceAndABrokenOneDoesNot(@TempDir Path directory) throws Exception {
        var file = directory.resolve("authn.yaml");
        String head = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n";
        String issuer = """
                jwt:
                - issuer:
                    url: %s
                    audiences: [kapal]
                    certificateAuthority: |
                      %s
                  claimMappings: {username: {claim: sub, prefix: "%s"}}
                """;
        String pem = provider.authorityPem().strip().replace("\n", "\n      ");
        WholeFile.write(file, head);
        var base = AuthenticationOptions.DEFAULT;
        var options = new AuthenticationOptions(
                base.anonymous(),
                base.accounts(),
                Optional.empty(),
                Optional.empty(),
                true,
                base.proxyNames(),
                List.of(),
                Optional.of(file),
                Optional.empty());
        try (var server = TestServer.start(own -> new AccessOptions(options, AuthorizationOptions.DEFAULT))) {
            String token = signed(claims());
            assertThat(whoIs(server, token)).isEqualTo("nobody");
            WholeFile.write(file, head + issuer.formatted(provider.url(), pem, "one:"));
            assertThat(whoIs(server, token)).isEqualTo("one:u-1");
            WholeFile.write(file, head + issuer.formatted("http://id.example", pem, "three:"));
            assertThat(whoIs(server, token)).as("what was there counts").isEqualTo("one:u-1");
            WholeFile.write(
                    file, head + issuer.formatted(base.accounts().issuers().getFirst(), pem, "three:"));
            assertThat(whoIs(server, token)).as("the cluster is no provider").isEqualTo("one:u-1");
            WholeFile.write(file, head + issuer.formatted(provider.url(), pem, "fourth:"));
            assertThat(whoIs(server, token)).isEqualTo("fourth:u-1");
            WholeFile.write(file, head);
            assertThat(whoIs(server, token)).isEqualTo("nobody");
            assertThat(server.call("GET", "/metrics", "").text())
                    .contains("apiserver_authentication_config_controller_automatic_reloads_total{status=\"success\","
                            + "apiserver_id_hash=\"\"} 3")
                    .contains("apiserver_authentication_config_controller_automatic_reloads_total{status=\"failure\","
                            + "apiserver_id_hash=\"\"} 2");
        }
    }

    private static String whoIs(TestServer server, String token) throws Exception {
        return review(server, token).path("user").path("username").asText("nobody");
    }

    @Test
    void aFileSaysTheSame(@TempDir Path directory) throws Exception {
        var file = Files.writeString(directory.resolve("authn.yaml"), """
                apiVersion: apiserver.config.k8s.io/v1
                kind: AuthenticationConfiguration
                anonymous: {enabled: true, conditions: [{path: /livez}]}
                jwt:
                - issuer: {url: "https://id.example", audiences: [a, b], audienceMatchPolicy: MatchAny}
                  claimValidationRules: [{claim: hd, requiredValue: x}, {expression: "true", message: m}]
                  claimMappings:
                    username: {claim: sub, prefix: ""}
                    groups: {expression: claims.groups}
                    extra: [{key: example.com/x, valueExpression: claims.x}]
                  userValidationRules: [{expression: "true"}]
                """);
        var read = AuthenticationFile.read(file);
        assertThat(read.anonymous()).contains(new Anonymous(true, Set.of("/livez")));
        var issuer = read.issuers().getFirst();
        assertThat(issuer.audiences()).containsExactly("a", "b");
        assertThat(issuer.mappings().groups()).contains(new JwtIssuer.FromExpression("claims.groups"));
        Files.writeString(file, Files.readString(file).replace("https://", "http://"));
        assertThatThrownBy(() -> AuthenticationFile.read(file))
                .hasMessageContaining("jwt[0].issuer.url")
                .hasMessageContaining("URL scheme must be https");
        assertThat(ServiceAccountOptions.DEFAULT.audiences()).hasSize(1);
    }

    @Test
    void aMisspeltRuleIsNotOneThatDoesNotHold(@TempDir Path directory) throws Exception {
        var file = directory.resolve("authn.yaml");
        Files.writeString(file, """
                apiVersion: apiserver.config.k8s.io/v1
                kind: AuthenticationConfiguration
                jwt:
                - issuer: {url: "https://id.example", audiences: [a]}
                  claimMappings: {username: {claim: sub, prefix: ""}}
                  claimValidationRules: [{claim: hd, requiredvalue: x}]
                """);
        assertThatThrownBy(() -> AuthenticationFile.read(file))
                .hasMessageEndingWith(
                        "strict decoding error: unknown field \"jwt[0].claimValidationRules[0].requiredvalue\"");
    }

    @Test
    void anAddressIsANameOnlyIfItIsTheUsersOwn(@TempDir Path directory) throws Exception {
        var form = """
                apiVersion: apiserver.config.k8s.io/v1
                kind: AuthenticationConfiguration
                jwt:
                - issuer: {url: "https://id.example", audiences: [a]}
                  claimMappings: {username: {expression: "%s"}}
                  claimValidationRules: [{expression: "%s"}]
                """;
        var file = directory.resolve("authn.yaml");
        for (var careless : List.of("claims.email", "claims['email']", "'x:' + claims.email")) {
            Files.writeString(file, form.formatted(careless, "claims.sub != ''"));
            assertThatThrownBy(() -> AuthenticationFile.read(file))
                    .as(careless)
                    .hasMessageContaining("jwt[0].claimMappings.username.expression")
                    .hasMessageContaining("claims.email_verified must be used");
        }
        Files.writeString(file, form.formatted("claims.email", "claims.?email_verified.orValue(true)"));
        assertThat(AuthenticationFile.read(file).issuers()).hasSize(1);
        Files.writeString(file, form.formatted("claims.email_domain", "claims.sub != ''"));
        assertThat(AuthenticationFile.read(file).issuers()).hasSize(1);
    }
}
