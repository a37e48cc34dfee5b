package dev.kapal.controllers.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.CertificateRequest;
import dev.kapal.testkit.FakeTime;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How long requests and certificates live, and for which names.
class CertificateLifeTest {
    private static final Instant MADE = Instant.parse("2025-01-01T00:00:00Z");
    private static final Instant DECIDED = Instant.parse("2025-01-01T05:00:00Z");

    @Test
    void aRequestThatNobodyLooksAtGoesAfterADay() {
        assertThat(end(request("", ""))).contains(MADE.plus(Duration.ofHours(24)));
    }

    @Test
    void aDecidedRequestGoesAnHourLater() {
        assertThat(end(request("Denied", ""))).contains(DECIDED.plus(Duration.ofHours(1)));
        assertThat(end(request("Failed", ""))).contains(DECIDED.plus(Duration.ofHours(1)));
        assertThat(end(request("Approved", certificate()))).contains(DECIDED.plus(Duration.ofHours(1)));
    }

    @Test
    void anApprovedRequestWithoutACertificateGoesAfterADay() {
        assertThat(end(request("Approved", ""))).contains(DECIDED.plus(Duration.ofHours(24)));
    }

    @Test
    void aCertificateLastsBetweenTenMinutesAndAYear() {
        assertThat(CertificateSigningReconciler.ttl(null)).isEqualTo(Duration.ofDays(365));
        assertThat(CertificateSigningReconciler.ttl(60)).isEqualTo(Duration.ofMinutes(10));
        assertThat(CertificateSigningReconciler.ttl(7200)).isEqualTo(Duration.ofHours(2));
        assertThat(CertificateSigningReconciler.ttl(Integer.MAX_VALUE)).isEqualTo(Duration.ofDays(365));
    }

    @Test
    void aNodeServesUnderItsOwnAddressesOnly() {
        var one = node("n1", "192.0.2.1", "192.0.2.9");
        var other = node("n2", "192.0.2.2");
        var all = List.of(one, other);
        var apiServer = List.of("192.0.2.9", "10.96.0.1");
        assertThat(ServingNames.areOf(one, all, apiServer, names(List.of("n1"), "192.0.2.1", "127.0.0.1")))
                .isTrue();
        assertThat(ServingNames.areOf(one, all, apiServer, names(List.of("n1"), "192.0.2.9")))
                .isFalse();
        assertThat(ServingNames.areOf(one, all, apiServer, names(List.of("n2"), "192.0.2.1")))
                .isFalse();
        assertThat(ServingNames.areOf(one, all, apiServer, names(List.of(), "192.0.2.2")))
                .isFalse();
        assertThat(ServingNames.areOf(node("n1", "192.0.2.2"), all, apiServer, names(List.of(), "192.0.2.2")))
                .isFalse();
    }

    private static CertificateRequest.Names names(List<String> dns, String... addresses) {
        return new CertificateRequest.Names(dns, List.of(addresses), List.of(), List.of());
    }

    private static Node node(String name, String... addresses) {
        var builder =
                new NodeBuilder().withNewMetadata().withName(name).endMetadata().withNewStatus();
        for (var address : addresses) {
            builder = builder.addNewAddress()
                    .withType("InternalIP")
                    .withAddress(address)
                    .endAddress();
        }
        return builder.endStatus().build();
    }

    private static Optional<Instant> end(CertificateSigningRequest request) {
        return CertificateCleanupReconciler.end(request);
    }

    private static CertificateSigningRequest request(String condition, String certificate) {
        var builder = new CertificateSigningRequestBuilder()
                .withNewMetadata()
                .withName("r")
                .withCreationTimestamp(MADE.toString())
                .endMetadata()
                .withNewStatus()
                .withCertificate(certificate);
        if (!condition.isEmpty()) {
            builder = builder.addNewCondition()
                    .withType(condition)
                    .withStatus("True")
                    .withLastUpdateTime(DECIDED.toString())
                    .endCondition();
        }
        return builder.endStatus().build();
    }

    private static String certificate() {
        var pem = CertificateAuthority.create("kubernetes", new FakeTime()).certificatePem();
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
    }
}
