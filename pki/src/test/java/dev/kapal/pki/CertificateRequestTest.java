package dev.kapal.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.testkit.FakeTime;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificateRequestTest {
    private static final Profile NODE = new Profile(
            "system:node:n1",
            List.of("system:nodes"),
            List.of("n1", "192.0.2.7"),
            true,
            false,
            Profile.KeyKind.CURVE,
            Profile.YEAR);

    private final FakeTime time = new FakeTime();
    private final CertificateAuthority authority = CertificateAuthority.create("kubernetes", time);

    @Test
    void saysWhomItIsFor() {
        var request = CertificateRequest.parse(CertificateRequest.create(NODE, CertificateAuthority.curveKeys()));
        var subject = Subject.of(request.subject());
        assertThat(subject).isEqualTo(new Subject("system:node:n1", List.of("system:nodes")));
        assertThat(request.names().dns()).containsExactly("n1");
        assertThat(request.names().addresses()).containsExactly("192.0.2.7");
    }

    @Test
    void mayBeMadeWithAnRsaKey() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var keys = generator.generateKeyPair();
        assertThat(CertificateRequest.parse(CertificateRequest.create(NODE, keys))
                        .key())
                .isEqualTo(keys.getPublic());
    }

    @Test
    void isRefusedWhenTheKeyIsAnothers() {
        String pem = CertificateRequest.create(NODE, CertificateAuthority.curveKeys());
        byte[] der = Pem.blocks("CERTIFICATE REQUEST", pem).getFirst();
        der[der.length - 3] ^= 1;
        assertThatThrownBy(() -> CertificateRequest.parse(Pem.block("CERTIFICATE REQUEST", der)))
                .isInstanceOf(PkiException.class)
                .hasMessage("x509: ECDSA verification failure");
    }

    @Test
    void isRefusedWhenItIsSomethingElse() {
        assertThatThrownBy(() -> CertificateRequest.parse("hello"))
                .hasMessage("PEM block type must be CERTIFICATE REQUEST");
        assertThatThrownBy(() -> CertificateRequest.parse(Pem.block("CERTIFICATE REQUEST", new byte[] {0x30, 5, 1})))
                .isInstanceOf(PkiException.class);
    }

    @Test
    void becomesACertificateForTheSameNames() throws Exception {
        var keys = CertificateAuthority.curveKeys();
        var request = CertificateRequest.parse(CertificateRequest.create(NODE, keys));
        var signed = Pem.certificates(
                        authority.sign(request, List.of("digital signature", "server auth"), Duration.ofDays(30)))
                .getFirst();
        signed.verify(authority.certificate().getPublicKey());
        assertThat(signed.getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(signed.getKeyUsage()).startsWith(true, false);
        assertThat(signed.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(Profile.of(signed).names()).containsExactly("n1", "192.0.2.7");
        assertThat(signed.getNotAfter().toInstant())
                .isEqualTo(time.instant().plus(Duration.ofDays(30)).minus(Duration.ofMinutes(5)));
    }

    @Test
    void aShortCertificateLastsAsLongAsItWasAskedFor() {
        var request = CertificateRequest.parse(CertificateRequest.create(NODE, CertificateAuthority.curveKeys()));
        var signed = Pem.certificates(authority.sign(request, List.of("client auth"), Duration.ofMinutes(10)))
                .getFirst();
        assertThat(signed.getNotAfter().toInstant()).isEqualTo(time.instant().plus(Duration.ofMinutes(10)));
    }
}
