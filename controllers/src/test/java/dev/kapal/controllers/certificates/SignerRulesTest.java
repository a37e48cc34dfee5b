package dev.kapal.controllers.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.CertificateRequest;
import dev.kapal.pki.Profile;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SignerRulesTest {
    private static final List<String> NODES = List.of("system:nodes");

    record Case(
            String signer,
            String name,
            List<String> groups,
            List<String> names,
            List<String> usages,
            String objection) {
        CertificateRequest request() {
            var profile = new Profile(name, groups, names, true, true, Profile.KeyKind.CURVE, Profile.YEAR);
            return CertificateRequest.parse(CertificateRequest.create(profile, CertificateAuthority.curveKeys()));
        }
    }

    static List<Case> cases() {
        var client = List.of("digital signature", "client auth");
        var serving = List.of("key encipherment", "digital signature", "server auth");
        var none = List.<String>of();
        var node = "system:node:n1";
        return List.of(
                new Case(SignerRules.CLIENT, "bob", List.of("dev"), none, client, ""),
                new Case(
                        SignerRules.CLIENT,
                        "bob",
                        none,
                        none,
                        List.of("server auth"),
                        "invalid usage for client certificate: server auth"),
                new Case(
                        SignerRules.CLIENT,
                        "bob",
                        none,
                        none,
                        List.of("digital signature"),
                        "missing required usage for client certificate: client auth"),
                new Case(SignerRules.NODE_CLIENT, node, NODES, none, client, ""),
                new Case(
                        SignerRules.NODE_CLIENT,
                        node,
                        List.of("system:masters"),
                        none,
                        client,
                        "subject organization is not system:nodes"),
                new Case(
                        SignerRules.NODE_CLIENT,
                        "bob",
                        NODES,
                        none,
                        client,
                        "subject common name does not begin with system:node:"),
                new Case(
                        SignerRules.NODE_CLIENT,
                        node,
                        NODES,
                        List.of("n1"),
                        client,
                        "DNS subjectAltNames are not allowed"),
                new Case(
                        SignerRules.NODE_CLIENT,
                        node,
                        NODES,
                        List.of("192.0.2.1"),
                        client,
                        "IP subjectAltNames are not allowed"),
                new Case(
                        SignerRules.NODE_CLIENT,
                        node,
                        NODES,
                        none,
                        serving,
                        "usages did not match [client auth digital signature key encipherment]"),
                new Case(SignerRules.NODE_SERVING, node, NODES, List.of("n1"), serving, ""),
                new Case(SignerRules.NODE_SERVING, node, NODES, none, serving, "DNS or IP subjectAltName is required"),
                new Case(
                        SignerRules.NODE_SERVING,
                        node,
                        NODES,
                        List.of("n1"),
                        client,
                        "usages did not match [digital signature key encipherment server auth]"),
                new Case(SignerRules.LEGACY, "anybody", none, none, List.of("any"), ""));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void asksForWhatTheSignerIsFor(Case one) {
        assertThat(SignerRules.objection(one.signer(), one.request(), one.usages())
                        .orElse(""))
                .isEqualTo(one.objection());
    }
}
