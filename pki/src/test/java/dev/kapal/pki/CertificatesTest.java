package dev.kapal.pki;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.testkit.FakeTime;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The certificates as the JDK's own reader sees them.
class CertificatesTest {
    private static final int ADDRESS = 7;
    private static final int DNS_NAME = 2;

    private final FakeTime time = new FakeTime();
    private final CertificateAuthority authority = CertificateAuthority.create("kubernetes", time);

    @Test
    void anAuthorityMaySignAndNothingElseIsAsked() throws Exception {
        var certificate = authority.certificate();
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=kubernetes");
        assertThat(certificate.getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
        assertThat(certificate.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
        assertThat(usages(certificate)).containsExactly(0, 5, 6); // digitalSignature, keyCertSign, cRLSign
    }

    @Test
    void aServerIsKnownByItsNamesAndAddresses() throws Exception {
        var certificate = issue(Profile.server("kube-apiserver", List.of("kubernetes", "10.96.0.1", "fd00::1")));
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(
                        List.of(DNS_NAME, "kubernetes"),
                        List.of(ADDRESS, "10.96.0.1"),
                        List.of(ADDRESS, "fd00:0:0:0:0:0:0:1"));
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(usages(certificate)).containsExactly(0, 2); // digitalSignature, keyEncipherment
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    void aClientCarriesItsGroups() throws Exception {
        var certificate = issue(Profile.client("kubernetes-admin", "system:masters"));
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=kubernetes-admin,O=system:masters");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getSubjectAlternativeNames()).isNull();
    }

    @Test
    void namesItsAuthoritysKey() throws Exception {
        var certificate = issue(Profile.client("system:kube-scheduler"));
        byte[] issuer = certificate.getExtensionValue("2.5.29.35");
        byte[] key = authority.certificate().getExtensionValue("2.5.29.14");
        assertThat(lastBytes(issuer)).isEqualTo(lastBytes(key));
    }

    @Test
    void holdsForAsLongAsItSays() throws Exception {
        time.advance(Duration.ofDays(40 * 365)); // the end is beyond what two digits of a year can say
        var late = CertificateAuthority.create("kubernetes", time).certificate();
        late.checkValidity(Date.from(time.instant()));
        assertThat(late.getNotAfter().toInstant())
                .isBetween(
                        time.instant().plus(Duration.ofDays(3649)),
                        time.instant().plus(Duration.ofDays(3651)));
    }

    private X509Certificate issue(Profile profile) throws Exception {
        var certificate = authority.issue(profile).certificate();
        var parameters = new PKIXParameters(Set.of(new TrustAnchor(authority.certificate(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(time.instant()));
        var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate));
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
        return certificate;
    }

    private static List<Integer> usages(X509Certificate certificate) {
        boolean[] usages = certificate.getKeyUsage();
        return IntStream.range(0, usages.length).filter(i -> usages[i]).boxed().toList();
    }

    /// The identifier is a SHA-1: 20 bytes at the end, whatever is around it.
    private static byte[] lastBytes(byte[] extension) {
        return Arrays.copyOfRange(extension, extension.length - 20, extension.length);
    }
}
