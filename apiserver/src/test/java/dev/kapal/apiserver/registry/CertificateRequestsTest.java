package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.api.User;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.CertificateRequest;
import dev.kapal.pki.Profile;
import dev.kapal.testkit.FakeTime;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CertificateRequestsTest {
    private static final String ALL = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    private static final String PEM =
            CertificateRequest.create(Profile.client("bob"), CertificateAuthority.curveKeys());

    private final Api api = new Api();

    @BeforeEach
    void asBob() {
        api.as(new User("bob", "u-1", List.of("dev", "system:authenticated"), Map.of("scopes", List.of("a"))));
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void notesWhoAsks() {
        var made = create("bob", PEM, "example.com/signer", "[client auth]", "username: root, groups: [admins],");
        made.is(201);
        assertThat(made.at("spec.username")).isEqualTo("bob");
        assertThat(made.at("spec.uid")).isEqualTo("u-1");
        assertThat(made.at("spec.groups")).isEqualTo("[\"dev\",\"system:authenticated\"]");
        assertThat(made.at("spec.extra")).isEqualTo("{\"scopes\":[\"a\"]}");
        assertThat(made.at("status")).isEqualTo("{}");
    }

    @Test
    void takesAnyName() {
        create("node-csr-Ab_C", PEM, "example.com/signer", "[client auth]", "").is(201);
    }

    @Test
    void namesAllThatIsWrong() {
        var refused = create("x", "nonsense", "signer", "[client auth, sing, client auth]", "expirationSeconds: 599,");
        refused.is(422);
        assertThat(refused.at("message"))
                .contains("PEM block type must be CERTIFICATE REQUEST")
                .contains("spec.usages[1]: Unsupported value: \"sing\": supported values: \"any\", \"cert sign\"")
                .contains("spec.usages[2]: Duplicate value: \"client auth\"")
                .contains(
                        "spec.signerName: Invalid value: \"signer\": must be a fully qualified domain and path of the form 'example.com/signer-name'")
                .contains(
                        "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)");
        assertThat(create("x", PEM, "kubernetes.io/legacy-unknown", "[client auth]", "")
                        .is(422)
                        .at("message"))
                .contains("the legacy signerName is not allowed via this API version");
        assertThat(create("x", PEM, "nodot/signer", "[client auth]", "").is(422).at("message"))
                .contains("should be a domain with at least two segments separated by dots");
    }

    @Test
    void cannotBeChangedOnceMade() {
        create("bob", PEM, "example.com/signer", "[client auth]", "").is(201);
        var answer = api.patch(ALL + "/bob", "merge-patch", """
                {"spec": {"signerName": "example.com/other"}, "metadata": {"labels": {"a": "b"}},
                 "status": {"certificate": "eA=="}}""").is(200);
        assertThat(answer.at("spec.signerName")).isEqualTo("example.com/signer");
        assertThat(answer.at("metadata.labels.a")).isEqualTo("b");
        assertThat(answer.at("status")).isEqualTo("{}");
    }

    @Test
    void isApprovedThroughApprovalOnly() {
        create("bob", PEM, "example.com/signer", "[client auth]", "").is(201);
        assertThat(api.patch(ALL + "/bob/status", "merge-patch", condition("Approved"))
                        .is(422)
                        .at("message"))
                .contains("status.conditions: Forbidden: updates may not add a condition of type \"Approved\"");
        var approved = api.patch(ALL + "/bob/approval", "merge-patch", condition("Approved"))
                .is(200);
        assertThat(approved.at("status.conditions.0.lastUpdateTime"))
                .isEqualTo(new FakeTime().instant().toString());
        assertThat(approved.at("status.conditions.0.lastTransitionTime")).isNotEmpty();
        assertThat(api.patch(ALL + "/bob/approval", "merge-patch", """
                        {"status": {"conditions": [{"type": "Approved", "status": "True"},
                          {"type": "Denied", "status": "True"}]}}""").is(422).at("message"))
                .contains("Approved and Denied conditions are mutually exclusive");
        assertThat(api.patch(ALL + "/bob/approval", "merge-patch", "{\"status\": {\"conditions\": []}}")
                        .is(422)
                        .at("message"))
                .contains("updates may not remove a condition of type \"Approved\"");
    }

    @Test
    void getsItsCertificateOnceThroughStatus() {
        create("bob", PEM, "example.com/signer", "[client auth]", "").is(201);
        var authority = CertificateAuthority.create("kubernetes", new FakeTime());
        var first = base64(authority.certificatePem());
        assertThat(api.patch(ALL + "/bob/approval", "merge-patch", certificate(first))
                        .is(200)
                        .at("status"))
                .isEqualTo("{}");
        assertThat(api.patch(ALL + "/bob/status", "merge-patch", certificate(first))
                        .is(200)
                        .at("status.certificate"))
                .isEqualTo(first);
        var second = base64(CertificateAuthority.create("other", new FakeTime()).certificatePem());
        assertThat(api.patch(ALL + "/bob/status", "merge-patch", certificate(second))
                        .is(422)
                        .at("message"))
                .contains("updates may not modify existing certificate content");
        assertThat(api.patch(ALL + "/bob/status", "merge-patch", certificate(base64("hello")))
                        .is(422)
                        .at("message"))
                .contains("must contain at least one CERTIFICATE PEM block");
    }

    @Test
    void nobodyAsksToBeInTheGroupThatMayDoEverything() {
        var pem = CertificateRequest.create(
                Profile.client("mallory", "system:masters"), CertificateAuthority.curveKeys());
        assertThat(create("m", pem, "kubernetes.io/kube-apiserver-client", "[client auth]", "")
                        .is(403)
                        .at("message"))
                .endsWith("use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed");
    }

    @Test
    void isListedWithWhatBecameOfIt() {
        create("bob", PEM, "example.com/signer", "[client auth]", "expirationSeconds: 3600,")
                .is(201);
        assertThat(row()).isEqualTo("[\"bob\",\"0s\",\"example.com/signer\",\"bob\",\"60m\",\"Pending\"]");
        api.patch(ALL + "/bob/approval", "merge-patch", condition("Approved")).is(200);
        var authority = CertificateAuthority.create("kubernetes", new FakeTime());
        api.patch(ALL + "/bob/status", "merge-patch", certificate(base64(authority.certificatePem())))
                .is(200);
        assertThat(row()).endsWith("\"Approved,Issued\"]");
    }

    private String row() {
        return api.get(ALL, "application/json;as=Table;v=v1;g=meta.k8s.io")
                .is(200)
                .at("rows.0.cells");
    }

    private Api.Answer create(String name, String pem, String signer, String usages, String more) {
        return api.post(ALL, """
                {metadata: {name: "%s"}, spec: {%s request: "%s", signerName: "%s", usages: %s}}""".formatted(name, more, base64(pem), signer, usages));
    }

    private static String condition(String type) {
        return "{\"status\": {\"conditions\": [{\"type\": \"%s\", \"status\": \"True\"}]}}".formatted(type);
    }

    private static String certificate(String base64) {
        return "{\"status\": {\"certificate\": \"%s\"}}".formatted(base64);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
